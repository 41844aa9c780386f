/*
 * publisher.c: publishing events to one topic with acknowledgement.
 */
#include "client/publisher.h"

#include <inttypes.h>

#include "proto/json.h"
#include "proto/wamp1.h"
#include "client/tool.h"

#define PUBLISHER_BARRIER_EVERY	65536	/* events */

/* ---- who hears of it ---- */

static enum exit_status
add_id(struct buf *list, const char *id, struct errbuf *e)
{
	if (buf_add_char(list, list->len == 0 ? '[' : ',') == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return tool_quote(list, id, "a session id", e);
}

static enum exit_status
add_ids(struct buf *list, const struct opt_list *ids, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < ids->n && status == EXIT_DONE; i++)
		status = add_id(list, ids->v[i], e);
	return status;
}

/* Close a list that was begun; write other (may be "") where none was. */
static int
end_list(struct buf *list, const char *other)
{
	return buf_add_str(list, list->len > 0 ? "]" : other);
}

/* The 4th and 5th element of PUBLISH.  excludeMe is a flag of its own only
 * where there are no lists. */
static enum exit_status
publisher_address(struct publisher *p, const struct publisher_audience *a,
    struct errbuf *e)
{
	bool lists = a->exclude.n + a->eligible.n > 0;
	enum exit_status status;

	status = add_ids(&p->exclude_json, &a->exclude, e);
	if (status == EXIT_DONE && a->exclude_me && lists)
		status = add_id(&p->exclude_json, client_session(p->client),
		    e);
	if (status == EXIT_DONE)
		status = add_ids(&p->eligible_json, &a->eligible, e);
	if (status != EXIT_DONE)
		return status;
	if (end_list(&p->exclude_json, a->eligible.n > 0 ? "[]" :
	    a->exclude_me ? "true" : "") == -1 ||
	    end_list(&p->eligible_json, "") == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return EXIT_DONE;
}

enum exit_status
publisher_init(struct publisher *p, struct client *c, const char *topic,
    const struct publisher_audience *audience, struct errbuf *e)
{
	enum exit_status status;

	p->client = c;
	p->topic = topic;
	status = tool_quote(&p->topic_json, topic, "TOPIC", e);
	return status == EXIT_DONE ? publisher_address(p, audience, e) :
	    status;
}

void
publisher_clear(struct publisher *p)
{
	buf_clear(&p->topic_json);
	buf_clear(&p->exclude_json);
	buf_clear(&p->eligible_json);
}

/* ---- acknowledgement ---- */

static bool
member_count(struct slice object, const char *key, uint64_t *out)
{
	struct json_elem elem;
	int64_t n;

	if (!json_member(object, key, &elem) || !json_int(&n, &elem) || n < 0)
		return false;
	*out = (uint64_t)n;
	return true;
}

/* Why the first refused event was refused; the barrier numbers events from 1
 * since the one before it. */
static void
publisher_explain(const struct publisher *p, struct slice result,
    uint64_t refused, struct errbuf *e)
{
	struct json_elem list, item, uri, reason;
	struct slice rest;
	uint64_t index;

	err_set(e, "%" PRIu64 " of %" PRIu64 " events refused", refused,
	    p->unacked);
	if (!json_member(result, "refusals", &list) ||
	    list.type != JSON_ARRAY)
		return;
	rest = json_inside(list.text);
	if (!json_next(&rest, &item) ||
	    !member_count(item.text, "index", &index) ||
	    !json_member(item.text, "error", &uri) ||
	    !json_member(item.text, "reason", &reason))
		return;
	client_explain(e, uri.text, reason.text);
	err_wrap(e, "%.200s", p->topic);
	if (p->sent > 1)
		err_wrap(e, "event %" PRIu64,
		    p->sent - p->unacked + index);
}

static enum exit_status
publisher_count(struct publisher *p, struct slice result, struct errbuf *e)
{
	uint64_t accepted, refused, delivered;

	if (!member_count(result, "accepted", &accepted) ||
	    !member_count(result, "refused", &refused) ||
	    !member_count(result, "delivered", &delivered) ||
	    accepted + refused != p->unacked) {
		err_set(e, "the broker counted other events than were sent");
		return EXIT_LOST;
	}
	p->accepted += accepted;
	p->delivered += delivered;
	if (refused > 0) {
		publisher_explain(p, result, refused, e);
		return EXIT_REFUSED;
	}
	p->unacked = 0;
	return EXIT_DONE;
}

enum exit_status
publisher_acknowledge(struct publisher *p, struct errbuf *e)
{
	struct client_answer a;
	enum exit_status status;

	if (!client_is_wampd(p->client))
		return client_flush(p->client, e);
	if (p->unacked == 0)
		return EXIT_DONE;
	status = client_call(p->client, SLICE("wampd.barrier"), SLICE(""), &a,
	    e);
	if (status != EXIT_DONE)
		return status;
	if (a.is_error) {
		client_explain(e, a.uri, a.desc);
		return EXIT_REFUSED;
	}
	return publisher_count(p, a.result, e);
}

/* wampd keeps refusals for its barrier; others may send an error at once. */
void
publisher_refused(void *arg, const struct wamp_msg *m)
{
	struct publisher *p = arg;

	if (p->client != NULL && !client_is_wampd(p->client) &&
	    p->refused.msg[0] == '\0')
		client_explain(&p->refused, m->uri.text, m->desc.text);
}

/* ---- events ---- */

enum exit_status
publisher_send(struct publisher *p, struct slice event, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];
	enum exit_status status;
	size_t n;

	n = wamp1_publish(parts, buf_slice(&p->topic_json), event,
	    buf_slice(&p->exclude_json), buf_slice(&p->eligible_json));
	if ((status = client_send(p->client, parts, n, e)) != EXIT_DONE)
		return status;
	p->sent++;
	if (++p->unacked < PUBLISHER_BARRIER_EVERY)
		return EXIT_DONE;
	return publisher_acknowledge(p, e);
}

enum exit_status
publisher_finish(struct publisher *p, struct errbuf *e)
{
	enum exit_status status;

	if ((status = publisher_acknowledge(p, e)) == EXIT_DONE)
		status = client_close(p->client, e);
	else
		client_free(p->client);
	p->client = NULL;
	if (status == EXIT_DONE && p->refused.msg[0] != '\0') {
		*e = p->refused;
		status = EXIT_REFUSED;
	}
	return status;
}
