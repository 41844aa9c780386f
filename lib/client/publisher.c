/*
 * publisher.c: publishing events with acknowledgement.
 */
#include "client/publisher.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/json.h"
#include "proto/wamp1.h"
#include "client/suggest.h"
#include "client/tool.h"

#define PUBLISHER_DUE		65536		/* events */
#define PUBLISHER_KEPT_DUE	(8u << 20)	/* bytes */

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

/* Close a list that was begun; otherwise write other, which may be "". */
static int
end_list(struct buf *list, const char *other)
{
	return buf_add_str(list, list->len > 0 ? "]" : other);
}

/* The 4th and 5th element of PUBLISH. excludeMe is only used if there are no
 * lists. */
enum exit_status
publisher_address(struct publisher *p, const char *session, struct errbuf *e)
{
	const struct publisher_opts *o = p->opts;
	bool lists = o->exclude.n + o->eligible.n > 0;
	enum exit_status status;

	buf_reset(&p->exclude_json);
	buf_reset(&p->eligible_json);
	status = add_ids(&p->exclude_json, &o->exclude, e);
	if (status == EXIT_DONE && o->exclude_me && lists)
		status = add_id(&p->exclude_json, session, e);
	if (status == EXIT_DONE)
		status = add_ids(&p->eligible_json, &o->eligible, e);
	if (status != EXIT_DONE)
		return status;
	if (end_list(&p->exclude_json, o->eligible.n > 0 ? "[]" :
	    o->exclude_me ? "true" : "") == -1 ||
	    end_list(&p->eligible_json, "") == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return EXIT_DONE;
}

void
publisher_clear(struct publisher *p)
{
	buf_clear(&p->exclude_json);
	buf_clear(&p->eligible_json);
	buf_clear(&p->kept);
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

/* The reason of the first refused event.  The barrier numbers events from 1
 * since the last barrier. */
static void
publisher_explain(const struct publisher *p, struct slice result,
    uint64_t refused, struct errbuf *e)
{
	struct json_elem list, item;
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
	    !suggest_refusal(p->client, "publish", item.text, e))
		return;
	if (p->sent > 1)
		err_wrap(e, "event %" PRIu64,
		    p->sent - p->unacked + index);
}

/* No event is in doubt any more: all were accepted or refused. */
static void
publisher_settle(struct publisher *p)
{
	p->unacked = 0;
	p->acked_mark = p->mark;
	/* Free the memory of a large event. */
	if (p->kept.cap > 2 * PUBLISHER_KEPT_DUE)
		buf_clear(&p->kept);
	buf_reset(&p->kept);
}

static enum exit_status
publisher_count(struct publisher *p, struct slice result, struct errbuf *e)
{
	uint64_t accepted, refused, delivered;

	if (!member_count(result, "accepted", &accepted) ||
	    !member_count(result, "refused", &refused) ||
	    !member_count(result, "delivered", &delivered) ||
	    accepted + refused != p->unacked) {
		err_set(e, "the broker counted a different number of events");
		return EXIT_LOST;
	}
	p->accepted += accepted;
	p->delivered += delivered;
	if (refused > 0)
		publisher_explain(p, result, refused, e);
	publisher_settle(p);
	return refused > 0 ? EXIT_REFUSED : EXIT_DONE;
}

/* Call a procedure that only wampd has. */
static enum exit_status
publisher_call(const struct publisher *p, struct slice uri,
    struct slice args_json, struct slice *result, struct errbuf *e)
{
	struct client_answer a;
	enum exit_status status;

	status = client_call(p->client, uri, args_json, &a, e);
	if (status != EXIT_DONE)
		return status;
	*result = a.result;
	if (!a.is_error)
		return EXIT_DONE;
	client_explain(e, a.uri, a.desc);
	return EXIT_REFUSED;
}

enum exit_status
publisher_probe(struct publisher *p, struct errbuf *e)
{
	enum exit_status status;
	struct slice result;

	if (client_is_wampd(p->client)) {
		status = publisher_call(p, SLICE("wampd.barrier"), SLICE(""),
		    &result, e);
		if (status == EXIT_DONE)
			status = publisher_count(p, result, e);
	} else {
		/* All that is known is that they were sent. */
		status = client_flush(p->client, e);
		if (status == EXIT_DONE)
			publisher_settle(p);
	}
	return status;
}

enum exit_status
publisher_acknowledge(struct publisher *p, struct errbuf *e)
{
	if (p->unacked > 0)
		return publisher_probe(p, e);
	publisher_settle(p);
	return EXIT_DONE;
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

size_t
publisher_message(const struct publisher *p, struct slice *parts,
    struct slice topic_json, struct slice event)
{
	return wamp1_publish(parts, topic_json, event,
	    buf_slice(&p->exclude_json), buf_slice(&p->eligible_json));
}

static enum exit_status
publisher_transmit(struct publisher *p, struct slice topic_json,
    struct slice event, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];

	return client_send(p->client, parts,
	    publisher_message(p, parts, topic_json, event), e);
}

/* The head of an event in p->kept. */
struct kept {
	size_t topic_len, event_len;
};

static int
publisher_keep(struct publisher *p, struct slice topic_json,
    struct slice event)
{
	struct kept head = { topic_json.len, event.len };

	if (buf_reserve(&p->kept, sizeof(head) + head.topic_len +
	    head.event_len) == -1)
		return -1;
	(void)buf_add(&p->kept, &head, sizeof(head));
	(void)buf_add_slice(&p->kept, topic_json);
	(void)buf_add_slice(&p->kept, event);
	return 0;
}

bool
publisher_due(const struct publisher *p)
{
	return p->unacked >= PUBLISHER_DUE ||
	    p->kept.len >= PUBLISHER_KEPT_DUE;
}

enum exit_status
publisher_send(struct publisher *p, struct slice topic_json,
    struct slice event, struct errbuf *e)
{
	if (p->opts->keep && publisher_keep(p, topic_json, event) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	/* Count it first: if sending fails, the event is in doubt. */
	p->sent++;
	p->unacked++;
	p->bytes += event.len;
	return publisher_transmit(p, topic_json, event, e);
}

static enum exit_status
publisher_again(struct publisher *p, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	size_t at = 0;
	struct kept head;

	while (status == EXIT_DONE && at < p->kept.len) {
		const char *texts = p->kept.data + at + sizeof(head);

		memcpy(&head, p->kept.data + at, sizeof(head));
		status = publisher_transmit(p,
		    slice_of(texts, head.topic_len),
		    slice_of(texts + head.topic_len, head.event_len), e);
		at += sizeof(head) + head.topic_len + head.event_len;
	}
	return status;
}

/* ---- the connection ---- */

/* Have the server retain the events. */
static enum exit_status
publisher_retain(struct publisher *p, struct errbuf *e)
{
	enum exit_status status;
	struct slice ignored;
	char how[32] = "true";

	if (!client_is_wampd(p->client)) {
		err_set(e, "only wampd can retain events, and the server is "
		    "%.200s", client_ident(p->client));
		return EXIT_REFUSED;
	}
	if (p->opts->retain_ms > 0)
		(void)snprintf(how, sizeof(how), "%.3f",
		    (double)p->opts->retain_ms / 1000);
	status = publisher_call(p, SLICE("wampd.retain"), slice_str(how),
	    &ignored, e);
	if (status == EXIT_REFUSED)
		err_wrap(e, "cannot retain events");
	return status;
}

enum exit_status
publisher_attach(struct publisher *p, struct client *c, struct errbuf *e)
{
	enum exit_status status;

	p->client = c;
	status = publisher_address(p, client_session(c), e);
	if (status == EXIT_DONE &&
	    (p->opts->retain || p->opts->retain_ms > 0))
		status = publisher_retain(p, e);
	return status == EXIT_DONE ? publisher_again(p, e) : status;
}

enum exit_status
publisher_finish(struct publisher *p, struct errbuf *e)
{
	bool wampd = client_is_wampd(p->client);
	enum exit_status status;
	struct errbuf why;

	status = client_close(p->client, &why);
	p->client = NULL;
	/* After the acknowledgement, a failed goodbye does not matter. */
	if (wampd)
		return EXIT_DONE;
	if (p->refused.msg[0] != '\0') {
		*e = p->refused;
		return EXIT_REFUSED;
	}
	if (status != EXIT_DONE)
		*e = why;
	return status;
}
