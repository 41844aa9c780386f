/*
 * ws_paging.c: a transport that has some pages of HTTP.
 */
#include "ws_paging.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct paging paging;

/* ---- pages ---- */

static int
make_small(void *arg, const struct http_request *req, struct site_answer *a)
{
	(void)req;
	paging.made++;
	a->type = "text/plain";
	return buf_add_str(&a->body, arg);
}

static int
make_large(void *arg, const struct http_request *req, struct site_answer *a)
{
	(void)arg;
	(void)req;
	paging.made++;
	a->type = "text/plain";
	return buf_fill(&a->body, 'x', PAGING_LARGE);
}

static int
make_failed(void *arg, const struct http_request *req, struct site_answer *a)
{
	(void)arg;
	(void)req;
	return buf_add_str(&a->body, "a part") == -1 ? 0 : -1;
}

static int
make_unwell(void *arg, const struct http_request *req, struct site_answer *a)
{
	(void)req;
	a->status = 503;
	a->type = "text/plain";
	return buf_add_str(&a->body, arg);
}

static char small_text[] = "small\n", guarded_text[] = "guarded\n",
    unwell_text[] = "unwell\n";
static const struct site_page small = { "small", false, make_small,
    small_text };
static const struct site_page guarded = { "guarded", true, make_small,
    guarded_text };
static const struct site_page large = { "large", false, make_large, NULL };
static const struct site_page failed = { "failed", false, make_failed, NULL };
static const struct site_page unwell = { "unwell", false, make_unwell,
    unwell_text };
static const struct site_page own = { "own", false, make_small, small_text };

struct loop *
paging_open(const struct ws_settings *set)
{
	struct loop *s = ws_loop_open(NULL, set);

	if (ws_serve_page(s->ws, "/small", &small, true) == -1 ||
	    ws_serve_page(s->ws, "/guarded", &guarded, true) == -1 ||
	    ws_serve_page(s->ws, "/large", &large, true) == -1 ||
	    ws_serve_page(s->ws, "/failed", &failed, true) == -1 ||
	    ws_serve_page(s->ws, "/unwell", &unwell, true) == -1 ||
	    ws_serve_page(s->ws, "/own", &own, false) == -1)
		abort();
	paging.made = 0;
	return s;
}

void
paging_close(struct loop *s, const char *what)
{
	tap_ok(loop_settle(s), "%s: the loop rests", what);
	ws_loop_close(s, paging.taken);
}

/* ---- answers ---- */

bool
hears_all(struct loop *s, int fd, const char *text, bool stands)
{
	bool still;

	buf_reset(&paging.heard);
	still = peer_hear(s, fd, &paging.heard);
	if (slice_eq(buf_slice(&paging.heard), slice_str(text)) &&
	    still == stands)
		return true;
	tap_diag("paging.heard%s: %s", still ? "" : ", and the end",
	    buf_cstr(&paging.heard));
	return false;
}

int
ask(struct loop *s, int fd, const char *request)
{
	peer_say(fd, request);
	buf_reset(&paging.heard);
	(void)peer_hear(s, fd, &paging.heard);
	return paging.heard.len < 12 ? 0 : atoi(paging.heard.data + 9);
}

int
ask_once(struct loop *s, bool plain, const char *from, const char *request)
{
	int fd = plain ? ws_peer_plain(s, from) :
	    ws_peer_from(s, SOCK_STREAM, from);
	int status = ask(s, fd, request);

	(void)close(fd);
	(void)loop_settle(s);
	return status;
}

void
paging_test(uint16_t taken[CONN_STATES])
{
	struct loop *s = paging_open(NULL);
	int fd = ws_peer_plain(s, "192.0.2.1");
	size_t i;

	tap_int(ask(s, fd, ASK("/small")), 200, "a page");
	tap_int(ask(s, fd, ASK("/small")), 200, "another one");
	(void)close(fd);
	paging_close(s, "pages");
	buf_clear(&paging.heard);
	for (i = 0; i < CONN_STATES; i++)
		taken[i] |= paging.taken[i];
}
