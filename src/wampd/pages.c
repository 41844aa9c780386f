/*
 * pages.c: the pages that the broker serves by HTTP.
 */
#include "wampd/pages.h"

#include <stdlib.h>

#include "wampd/config/config.h"
#include "wampd/core/broker.h"
#include "wampd/metrics/metrics.h"
#include "wampd/net/http_accept.h"
#include "wampd/net/site.h"
#include "wampd/net/tls.h"
#include "wampd/net/ws.h"

#define FORMATS		2	/* enum exposition_format */
#define TEXT_PLAIN	"text/plain; charset=utf-8"

struct pages {
	struct broker	*broker;	/* borrowed */
	const struct tls *tls;		/* borrowed; NULL: there is none */
	struct {
		struct buf text;	/* owned; the last answer */
		int64_t	   at;		/* ms, monotonic; when it was made */
	} metrics[FORMATS];
	struct buf	 metrics_path;	/* owned, as all of these; the
					 * configuration may be freed */
	struct buf	 live_path;
	struct buf	 ready_path;
	struct site_page metrics_page, live_page, ready_page;
};

/* ---- metrics ---- */

/* If a client says nothing, or likes both equally well, it gets the older
 * format, which all tools read.  If it likes none, that is still better than no
 * answer (RFC 9110 section 12.5.1). */
static enum exposition_format
choose_format(const struct http_request *req)
{
	static const struct http_media text = { "text/plain", "version",
	    "0.0.4" };
	static const struct http_media open = {
	    "application/openmetrics-text", "version", "1.0.0" };

	return http_accept(req->fields, &open) >
	    http_accept(req->fields, &text) ? EXPOSITION_OPENMETRICS :
	    EXPOSITION_TEXT;
}

static int
write_metrics(struct pages *p, struct buf *out, enum exposition_format format)
{
	struct metrics_certificate cert;
	struct tls_cert soonest;

	if (p->tls == NULL)
		return metrics_write(out, p->broker, NULL, format);
	soonest = tls_soonest(p->tls);
	cert.name = soonest.name != NULL ? soonest.name : "";
	cert.end = soonest.not_after;
	return metrics_write(out, p->broker, &cert, format);
}

/* Many requests in one turn get the same text. */
static int
make_metrics(void *arg, const struct http_request *req,
    struct site_answer *a)
{
	static const char *const types[FORMATS] = {
		[EXPOSITION_TEXT] = "text/plain; version=0.0.4; "
		    "charset=utf-8",
		[EXPOSITION_OPENMETRICS] = "application/openmetrics-text; "
		    "version=1.0.0; charset=utf-8",
	};
	struct pages *p = arg;
	enum exposition_format format = choose_format(req);
	struct buf *text = &p->metrics[format].text;
	int64_t now = p->broker->now;

	if (text->len == 0 || p->metrics[format].at != now) {
		buf_reset(text);
		if (write_metrics(p, text, format) == -1) {
			buf_clear(text);
			return -1;
		}
		p->metrics[format].at = now;
	}
	a->type = types[format];
	return buf_add_slice(&a->body, buf_slice(text));
}

/* ---- health ---- */

static int
make_live(void *arg, const struct http_request *req, struct site_answer *a)
{
	(void)arg;
	(void)req;
	a->type = TEXT_PLAIN;
	return buf_add_str(&a->body, "live\n");
}

/* It is asked for once the broker listens, so it is ready until it drains. */
static int
make_ready(void *arg, const struct http_request *req, struct site_answer *a)
{
	const struct pages *p = arg;

	(void)req;
	a->type = TEXT_PLAIN;
	if (!broker_is_draining(p->broker))
		return buf_add_str(&a->body, "ready\n");
	a->status = 503;
	return buf_add_str(&a->body, p->broker->stop_until != 0 ?
	    "stopping\n" : "draining\n");
}

/* ---- life ---- */

/* Add a page at a path.  0 or -1. */
static int
add_page(struct pages *p, struct ws *ws, struct site_page *page,
    const char *path, bool everywhere)
{
	page->arg = p;
	return path == NULL ? -1 : ws_serve_page(ws, path, page, everywhere);
}

static int
add_metrics(struct pages *p, struct ws *ws, const struct config *cfg)
{
	p->metrics_page = (struct site_page){ .name = "metrics",
	    .guarded = true, .make = make_metrics };
	if (buf_add_str(&p->metrics_path, cfg->http.metrics) == -1)
		return -1;
	return add_page(p, ws, &p->metrics_page, buf_cstr(&p->metrics_path),
	    cfg->http.share == HTTP_SHARE_ALL);
}

static int
add_health(struct pages *p, struct ws *ws, const struct config *cfg)
{
	bool everywhere = cfg->http.share != HTTP_SHARE_NONE;

	p->live_page = (struct site_page){ .name = "live",
	    .make = make_live };
	p->ready_page = (struct site_page){ .name = "ready",
	    .make = make_ready };
	if (buf_addf(&p->live_path, "%s/live", cfg->http.health) == -1 ||
	    buf_addf(&p->ready_path, "%s/ready", cfg->http.health) == -1)
		return -1;
	return add_page(p, ws, &p->live_page, buf_cstr(&p->live_path),
	    everywhere) == -1 || add_page(p, ws, &p->ready_page,
	    buf_cstr(&p->ready_path), everywhere) == -1 ? -1 : 0;
}

struct pages *
pages_new(struct broker *b, struct ws *ws, const struct tls *tls,
    const struct config *cfg, struct errbuf *e)
{
	struct pages *p = calloc(1, sizeof(*p));
	int rc = p == NULL ? -1 : 0;

	if (p != NULL) {
		p->broker = b;
		p->tls = tls;
	}
	if (rc == 0 && cfg->http.metrics != NULL)
		rc = add_metrics(p, ws, cfg);
	if (rc == 0 && cfg->http.health != NULL)
		rc = add_health(p, ws, cfg);
	if (rc == 0)
		return p;
	err_set(e, "out of memory");
	pages_free(p);
	return NULL;
}

void
pages_free(struct pages *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < FORMATS; i++)
		buf_clear(&p->metrics[i].text);
	buf_clear(&p->metrics_path);
	buf_clear(&p->live_path);
	buf_clear(&p->ready_path);
	free(p);
}
