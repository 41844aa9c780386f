/*
 * handler.c: the handler types, and what is done around every handler.
 */
#include "wampd/handler.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "route/declare.h"
#include "wampd/broker.h"
#include "wampd/extra.h"

/* A new type is one file in handlers/ and one row here. */
static const struct handler_type *const types[] = {
	&handler_broadcast,
	&handler_exec,
	&handler_jq,
	&handler_ping,
	&handler_secured,
};

const struct handler_type *
handler_type_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}

/* ---- who may ---- */

static unsigned
grant_bit(enum declare_who who)
{
	switch (who) {
	case DECLARE_ANYONE:
		return WHO_ANYONE;
	case DECLARE_AUTHENTICATED:
		return WHO_AUTHENTICATED;
	case DECLARE_LOCAL:
		return WHO_LOCAL;
	case DECLARE_BACKEND:
		return WHO_BACKEND;
	case DECLARE_LOOPBACK:
		return WHO_LOOPBACK;
	case DECLARE_NOBODY:
	case DECLARE_ROLE:
	case DECLARE_USER:
	default:
		return 0;
	}
}

/* The list that was declared, or the default. */
static struct acl
acl_of(const struct declare_right *right)
{
	struct acl a = { .who = 0 };
	size_t i;

	for (i = 0; i < right->n_grants; i++)
		a.who |= grant_bit(right->grants[i].who);
	a.named = right->grants;
	a.n_named = right->n_grants;
	return a;
}

bool
acl_allows(const struct acl *a, const struct principal *p)
{
	const char *user;
	size_t i;

	if (principal_in(p, a->who))
		return true;
	for (i = 0; i < a->n_named; i++) {
		user = principal_user(p);
		if (a->named[i].who == DECLARE_USER && user != NULL &&
		    strcmp(a->named[i].name, user) == 0)
			return true;
		if (a->named[i].who == DECLARE_ROLE &&
		    principal_has_role(p, a->named[i].name))
			return true;
	}
	return false;
}

/* ---- life ---- */

static void
handler_declare(struct handler *h, const struct handler_decl *d)
{
	const struct declare_right *r = d != NULL ? d->rights : declare_rights;

	h->subscribe = acl_of(&r[DECLARE_SUBSCRIBE]);
	h->publish = acl_of(&r[DECLARE_PUBLISH]);
	h->call = acl_of(&r[DECLARE_CALL]);
	if (d == NULL)
		return;
	h->decl = d;
	h->max_size = d->max_size;
	h->rate = (double)d->rate;
	h->burst = (double)d->burst;
	h->retain = d->retain;
	h->log = d->log;
}

struct handler *
handler_new(struct broker *b, const struct handler_type *type,
    const char *name, const struct handler_decl *decl, struct errbuf *e)
{
	struct handler *h;

	if ((h = calloc(1, sizeof(*h))) == NULL ||
	    (h->name = strdup(name)) == NULL) {
		free(h);
		err_set(e, "out of memory");
		return NULL;
	}
	h->broker = b;
	h->type = type;
	h->log = DECLARE_LOG_NONE;
	h->calls = type->call != NULL;
	handler_declare(h, decl);
	if (type->init != NULL && type->init(h, e) == -1) {
		if (decl != NULL)
			err_wrap(e, "%s:%u:%u: handler %s", decl->file,
			    decl->line, decl->column, name);
		free(h->name);
		free(h);
		return NULL;
	}
	return h;
}

void
handler_free(struct handler *h)
{
	if (h == NULL)
		return;
	if (h->type->free != NULL)
		h->type->free(h);
	free(h->name);
	free(h);
}

/* ---- around every handler ---- */

int
handler_admit(struct handler *h, struct session *from, struct slice event,
    struct errbuf *e)
{
	if (!acl_allows(&h->publish, from->principal)) {
		err_set(e, "%s may not publish here", from->principal->name);
		return -1;
	}
	if (h->max_size > 0 && event.len > h->max_size) {
		err_set(e, "the event is larger than max_size, %" PRIu64
		    " bytes", h->max_size);
		return -1;
	}
	if (h->rate > 0 && !extra_take(from, h)) {
		err_set(e, "faster than rate, %.0f events a second",
		    h->rate);
		return -1;
	}
	return 0;
}

void
handler_log(const struct handler *h, const struct session *s,
    const char *verb, struct slice uri, size_t bytes)
{
	static void (*const logs[])(const char *, ...) = {
		[LOG_LEVEL_ERR] = log_err,
		[LOG_LEVEL_WARN] = log_warn,
		[LOG_LEVEL_INFO] = log_info,
		[LOG_LEVEL_DEBUG] = log_debug,
	};

	if (h->log != DECLARE_LOG_NONE && log_on((enum log_level)h->log))
		logs[h->log]("session=%s %s uri=%s handler=%s bytes=%zu",
		    s != NULL ? s->id : "-", verb, log_quote(uri).s, h->name,
		    bytes);
}

void
handlers_opened(struct session *s)
{
	struct handler *h;

	for (h = s->broker->handlers; h != NULL; h = h->next)
		if (h->type->opened != NULL)
			h->type->opened(h, s);
}

void
handlers_closed(struct session *s)
{
	struct handler *h;

	for (h = s->broker->handlers; h != NULL; h = h->next)
		if (h->type->closed != NULL)
			h->type->closed(h, s);
}

int64_t
handlers_tick(struct broker *b)
{
	int64_t wait, soonest = -1;
	struct handler *h;

	for (h = b->handlers; h != NULL; h = h->next) {
		if (h->type->tick == NULL)
			continue;
		wait = h->type->tick(h);
		if (wait != -1 && (soonest == -1 || wait < soonest))
			soonest = wait;
	}
	return soonest;
}
