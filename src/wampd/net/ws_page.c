/*
 * ws_page.c: pages: answers of HTTP that the broker makes itself.
 *
 * They are small, so they are made at once, and the connection then waits for
 * the next request, as those of probes and of Prometheus do.  A client may send
 * several requests without waiting for answers; each has its own turn, and none
 * begins while the client does not read.
 */
#include "wampd/auth/networks.h"
#include "wampd/core/broker.h"
#include "wampd/net/http_answer.h"
#include "wampd/net/ws_conn.h"

/* ---- who may read guarded pages ---- */

/* Where the client is, if that is known.  Who is not one of our proxies, but
 * says that it passes requests on, hides its clients. */
static bool
is_known(const struct ws_conn *c, const struct http_request *req)
{
	return c->visit->proxied || !conn_is_forwarded(req);
}

/* Without a list, whoever can reach the address of its own may read them.  The
 * ports for WebSockets can be reached by the whole world, also over a proxy
 * that tells nothing, so only who counts as local may. */
static bool
may_read(struct ws_conn *c, const struct http_request *req, struct slice host)
{
	const struct networks *readers = c->ws->readers;
	struct http_refusal ignored;

	if (readers != NULL)
		return is_known(c, req) &&
		    (c->visit->peer.u.sa.sa_family == AF_UNIX ||
		    networks_match(readers, &c->visit->peer, 0) != NULL);
	return c->visit->plain || (conn_judge_origin(c, req, host,
	    &ignored) == 0 && c->visit->local);
}

static int
conn_judge_reader(struct ws_conn *c, const struct http_request *req,
    struct slice host, struct http_refusal *why)
{
	*why = (struct http_refusal){ .cause = HTTP_CAUSE_ADDRESS,
	    .key = "http.allow" };
	if (!may_read(c, req, host))
		return -1;
	if (host.len == 0)
		host = req->authority;
	*why = (struct http_refusal){ .cause = HTTP_CAUSE_FOREIGN_HOST,
	    .seen = host, .key = "hosts" };
	return origin_is_ours(&c->ws->origin, host) ? 0 : -1;
}

/* ---- answering ---- */

static int
conn_write_page(struct ws_conn *c, const struct site_answer *a, bool keep,
    bool head_only)
{
	const struct http_answer head = {
		.status = a->status,
		.type = a->type,
		.length = a->body.len,
		.date = (time_t)(c->ws->broker->wall() / 1000),
		.extra = c->stream.tls != NULL ? c->ws->extra : NULL,
		.keep = keep,
	};
	struct buf out = { 0 };
	int rc = http_answer_write(&head, &out);

	if (rc == 0 && !head_only)
		rc = buf_add_slice(&out, buf_slice(&a->body));
	if (rc == 0)
		rc = stream_put(&c->stream, out.data, out.len);
	buf_clear(&out);
	return rc;
}

/* Wait for the next request.  If there are too many who wait, the one who does
 * for the longest time must go. */
static void
conn_keep(struct ws_conn *c)
{
	struct ws *w = c->ws;
	struct visit *oldest;

	door_leave(&w->door, &c->visit->visit);
	conn_move(c, CONN_KEPT);
	c->visit->scan = (struct http_scan){ 0 };
	c->visit->admitted = false;
	visits_add(&w->kept, &c->visit->visit, w->broker->now);
	if ((oldest = visits_excess(&w->kept)) != NULL)
		conn_close(conn_of_visit(oldest));
	if (c->state == CONN_KEPT && stream_is_blocked(&c->stream))
		stream_pause(&c->stream, true);
}

/* Over a proxy that tells where its clients are, the next request may be of
 * another one: such a proxy connects anew. */
static bool
conn_may_stay(const struct ws_conn *c, const struct http_request *req)
{
	return http_keeps(req) && !c->visit->trusted &&
	    !broker_is_draining(c->ws->broker);
}

int
conn_serve_page(struct ws_conn *c, const struct site_page *page,
    const struct http_request *req, struct slice host,
    struct http_refusal *why)
{
	bool keep = conn_may_stay(c, req);
	struct site_answer a = { .status = 200 };
	int rc;

	if (site_check_page(req, why) == -1 || (page->guarded &&
	    conn_judge_reader(c, req, host, why) == -1))
		return -1;
	why->cause = HTTP_CAUSE_INTERNAL;
	why->key = NULL;
	if ((rc = page->make(page->arg, req, &a)) == 0) {
		if (conn_write_page(c, &a, keep,
		    http_request_is_head(req)) == -1)
			conn_close(c);
		else if (keep)
			conn_keep(c);
		else
			conn_farewell(c);
	}
	buf_clear(&a.body);
	return rc;
}

bool
conn_wake(struct ws_conn *c)
{
	struct ws *w = c->ws;

	visits_remove(&w->kept, &c->visit->visit);
	if (conn_enter(c) == -1) {
		visits_add(&w->kept, &c->visit->visit, w->broker->now);
		conn_close(c);
		return false;
	}
	conn_move(c, CONN_HEAD);
	return true;
}
