/*
 * topics.c: the topics of a run, and who subscribes to which.
 */
#include "bench/topics.h"

static enum exit_status
topics_nomem(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

enum exit_status
topics_init(struct topics *t, const char *name, int64_t n, int64_t clients,
    struct errbuf *e)
{
	if (n > clients && n % clients != 0) {
		err_set(e, "--topics: if there are more topics than clients, "
		    "their number must be a multiple of the clients");
		return EXIT_USAGE;
	}
	t->name = name;
	t->n = (uint32_t)n;
	t->clients = (uint32_t)clients;
	t->stride = n < clients ? t->n : t->clients;
	return EXIT_DONE;
}

uint32_t
topics_audience(const struct topics *t, uint32_t k)
{
	return t->clients / t->stride +
	    (k % t->stride < t->clients % t->stride);
}

uint64_t
topics_deliveries(const struct topics *t, uint32_t n)
{
	uint64_t sum = (uint64_t)(n / t->stride) * t->clients;
	uint32_t k;

	for (k = 0; k < n % t->stride; k++)
		sum += topics_audience(t, k);
	return sum;
}

static int
topics_name(const struct topics *t, struct buf *name, uint32_t topic)
{
	return t->n == 1 ? buf_add_str(name, t->name) :
	    buf_addf(name, "%s/%u", t->name, (unsigned)topic);
}

enum exit_status
topics_publish(const struct topics *t, struct buf *text,
    const struct protocol *p, uint32_t topic, size_t size, struct errbuf *e)
{
	struct buf name = { 0 };
	int rc;

	buf_reset(text);
	if ((rc = topics_name(t, &name, topic)) == 0)
		rc = p->publish(text, buf_slice(&name), size);
	buf_clear(&name);
	return rc == -1 ? topics_nomem(e) : EXIT_DONE;
}

/* Queue session c's subscription to a topic. */
static enum exit_status
topics_subscribe_to(const struct topics *t, struct conn *c, uint32_t topic,
    struct errbuf *e)
{
	struct buf name = { 0 }, text = { 0 };
	enum exit_status st;

	if (topics_name(t, &name, topic) == -1 ||
	    c->server->protocol->subscribe(&text, buf_slice(&name), topic) ==
	    -1)
		st = topics_nomem(e);
	else
		st = conn_queue(c, buf_slice(&text), e);
	buf_clear(&name);
	buf_clear(&text);
	return st;
}

enum exit_status
topics_subscribe(const struct topics *t, struct pool *p, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	uint32_t i, k;

	for (i = 0; i < t->clients; i++)
		for (k = i % t->stride; k < t->n && st == EXIT_DONE;
		    k += t->stride)
			st = topics_subscribe_to(t, &p->v[i], k, e);
	return st == EXIT_DONE ? pool_barrier(p, e) : st;
}
