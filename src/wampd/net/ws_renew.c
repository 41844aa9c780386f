/*
 * ws_renew.c: what the configuration says about WebSocket clients, and may say
 * anew while there are some.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wampd/core/broker.h"
#include "wampd/net/ws_conn.h"

/* One reading of the configuration. */
struct ws_rules {
	struct ws_settings set;	/* what it borrows is of source */
	struct site	site;
	size_t		nown;	/* the first rows of it, which are for
				 * WebSockets */
	struct deflate *deflate; /* owned; NULL: not in use, or w has it */
};

/* ---- getting ready ---- */

/* Rows for WebSockets, and behind them the others that w has. */
static int
fill_site(struct ws_rules *r, const struct ws *w)
{
	const struct ws_settings *set = &r->set;
	size_t i;

	for (i = 0; i < set->npaths; i++)
		if (site_add(&r->site, set->paths[i], NULL) == -1)
			return -1;
	if (set->npaths == 0 && site_add(&r->site, NULL, NULL) == -1)
		return -1;
	r->nown = r->site.n;
	if (w->site.n == w->nown)
		return 0;	/* and there may be no rows at all */
	return site_add_rows(&r->site, w->site.rows + w->nown,
	    w->site.n - w->nown);
}

static void
fill_origin(struct origin_rules *rules)
{
	static const struct host_list none;

	if (rules->hosts == NULL)
		rules->hosts = &none;
	if (rules->origins == NULL)
		rules->origins = &none;
	if (rules->applications == NULL)
		rules->applications = &none;
}

void
ws_discard(struct ws_rules *r)
{
	if (r == NULL)
		return;
	deflate_free(r->deflate);
	site_clear(&r->site);
	if (r->set.source_free != NULL)
		r->set.source_free(r->set.source);
	free(r);
}

struct ws_rules *
ws_prepare(const struct ws *w, const struct ws_settings *set,
    struct errbuf *e)
{
	struct ws_rules *r = calloc(1, sizeof(*r));

	err_set(e, "out of memory");
	if (r == NULL) {
		if (set->source_free != NULL)
			set->source_free(set->source);
		return NULL;
	}
	r->set = *set;
	fill_origin(&r->set.origin);
	if (fill_site(r, w) == 0 && (!set->deflate || w->deflate != NULL ||
	    (r->deflate = deflate_new()) != NULL))
		return r;
	ws_discard(r);
	return NULL;
}

/* ---- taking effect ---- */

/* Sessions that compress go on with that. */
static void
take_deflate(struct ws *w, struct ws_rules *r)
{
	w->rules.deflate = r->set.deflate;
	if (r->deflate == NULL || w->deflate != NULL)
		return;
	w->deflate = r->deflate;
	r->deflate = NULL;
	w->broker->compressor = (struct compressor){
		deflate_compress, w->deflate,
	};
}

static void
take_site(struct ws *w, struct ws_rules *r)
{
	site_clear(&w->site);
	w->site = r->site;
	w->nown = r->nown;
	r->site = (struct site){ 0 };
}

void
ws_commit(struct ws *w, struct ws_rules *r)
{
	const struct ws_settings *set = &r->set;

	w->limit_head = set->limit_head;
	w->rules.require_protocol = set->require_protocol;
	w->origin = set->origin;
	door_renew(&w->door, set->handshakes, set->handshakes_address,
	    set->handshake);
	w->extra[0] = '\0';
	if (set->hsts > 0)
		(void)snprintf(w->extra, sizeof(w->extra),
		    "Strict-Transport-Security: max-age=%lld\r\n",
		    (long long)(set->hsts / 1000));
	take_deflate(w, r);
	take_site(w, r);
	ws_discard(w->settings);
	w->settings = r;
}
