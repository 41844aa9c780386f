/*
 * declare_service.c: handlers as Symfony service files declare them.
 *
 * Only services that Gos' tags make topics, procedures or periodic jobs are
 * looked at.
 */
#include "route/declare_service.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "route/container.h"

#define INTERVAL_MAX	86400	/* seconds: a day */

/* A name that a handler has whose class is not known. */
struct claim {
	struct slice name;		/* the table's */
};

struct reading {
	struct declarations *table;
	struct container     container;
	struct map	     claims;	/* of struct claim */
};

static struct slice
claim_name(const void *value)
{
	return ((const struct claim *)value)->name;
}

enum class_kind { CLASS_NEEDLESS, CLASS_BROADCAST, CLASS_SECURED,
    CLASS_WILDCARD, CLASS_PING };

/* The classes that Oro and Gos ship.  Their periodic jobs serve the PHP
 * server's database connection and its restarts. */
static const struct class {
	const char     *name;
	enum class_kind kind;
	const char     *type;
} classes[] = {
	{ "Oro\\Bundle\\SyncBundle\\Topic\\BroadcastTopic",
	  CLASS_BROADCAST, "broadcast" },
	{ "Oro\\Bundle\\SyncBundle\\Topic\\SecuredTopic",
	  CLASS_SECURED, "secured" },
	{ "Oro\\Bundle\\ImapBundle\\Topic\\SyncFailTopic",
	  CLASS_WILDCARD, "secured" },
	{ "Oro\\Bundle\\SyncBundle\\Topic\\WebsocketPingTopic",
	  CLASS_PING, "ping" },
	{ "Oro\\Bundle\\SyncBundle\\Periodic\\DbPingPeriodic",
	  CLASS_NEEDLESS, NULL },
	{ "Oro\\Bundle\\SyncBundle\\Periodic\\"
	  "WebsocketServerStateCheckPeriodic", CLASS_NEEDLESS, NULL },
	{ "Gos\\Bundle\\WebSocketBundle\\Periodic\\DoctrinePeriodicPing",
	  CLASS_NEEDLESS, NULL },
	{ "Gos\\Bundle\\WebSocketBundle\\Periodic\\PdoPeriodicPing",
	  CLASS_NEEDLESS, NULL },
};

static const struct class *
class_find(const char *name)
{
	size_t i;

	if (name[0] == '\\')
		name++;
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strcmp(classes[i].name, name) == 0)
			return &classes[i];
	return NULL;
}

/* ---- what only PHP knows ---- */

/* The name that the handler seems to have: most classes take it first. */
static void
guess_name(const struct reading *x, const struct recipe *r, struct buf *out)
{
	struct diags ignored = { 0 };
	struct source quiet;

	if (r->n == 0 || r->arguments[0]->kind != YAML_SCALAR)
		return;
	quiet = *r->from[0];
	quiet.diags = &ignored;
	if (parameters_expand(&x->container.parameters, &quiet,
	    r->arguments[0], out) == -1)
		buf_reset(out);
	diag_clear(&ignored);
}

/* Remember that a handler of the name is PHP's: one of a stock class that has
 * the same name may be stricter in truth than it looks. */
static void
claim(struct reading *x, struct slice name)
{
	struct claim *c;

	if (name.len == 0 || map_find(&x->claims, name) != NULL)
		return;
	if ((c = declare_alloc(x->table, sizeof(*c))) == NULL)
		return;
	c->name = slice_of(declare_keep(x->table, name), name.len);
	if (map_insert(&x->claims, c) == -1)
		x->table->failed = true;
}

/* What somebody else's class does, nobody can tell from here. */
static void
report_class(struct reading *x, const struct service *v,
    const struct recipe *r, const char *class)
{
	const struct handler_decl *own;
	struct buf guess = { 0 };
	struct slice name;

	if (service_has_tag(v, "gos_web_socket.periodic")) {
		source_report(&v->source, DIAG_WARNING, v->id,
		    "unknown-class", "the periodic job of class %s is not "
		    "run: let cron or a timer of systemd run it", class);
		return;
	}
	guess_name(x, r, &guess);
	name = guess.len > 0 ? buf_slice(&guess) : v->id->text;
	own = declare_find(x->table, name);
	if (own == NULL || own->service) {
		claim(x, buf_slice(&guess));
		source_report(&v->source, DIAG_WARNING, v->id,
		    "unknown-class", "the class %s is unknown: declare the "
		    "handler under \"handlers:\" in wampd.yml, as \"%.*s: { "
		    "type: exec, command: PROGRAM }\" with the name that its "
		    "routes use", class, (int)name.len, name.p);
	}
	buf_clear(&guess);
}

/* The class of what is made in the end, as one can tell. */
static void
report_opaque(struct reading *x, const struct service *v,
    const struct recipe *r)
{
	const struct service *by = container_decorator(&x->container, v);
	struct recipe decorator = { 0 };
	struct buf class = { 0 };
	int rc;

	if (by != NULL && service_recipe(&x->container, by, &decorator) == 0)
		rc = buf_addf(&class, "%s, which decorates this service,",
		    decorator.class.data);
	else
		rc = buf_addf(&class, "%s, which something else makes,",
		    r->class.data);
	if (rc == -1 || buf_cstr(&class) == NULL)
		x->table->failed = true;
	else
		report_class(x, v, r, class.data);
	recipe_clear(&decorator);
	buf_clear(&class);
}

/* ---- the stock classes ---- */

/* The text of an argument, which there is.  0, or -1 with the error
 * reported. */
static int
read_argument(const struct reading *x, const struct recipe *r, size_t i,
    struct buf *out)
{
	return parameters_expand(&x->container.parameters, r->from[i],
	    r->arguments[i], out);
}

/* The seconds between pings. */
static void
read_interval(const struct reading *x, const struct recipe *r,
    struct handler_decl *h)
{
	struct buf text = { 0 };
	struct errbuf e;
	int64_t seconds;

	if (r->n < 2 || read_argument(x, r, 1, &text) == -1)
		goto out;
	if (num_int(&seconds, text.data, 1, INTERVAL_MAX, &e) == 0)
		h->ping.interval = seconds * 1000;
	else
		source_report(r->from[1], DIAG_ERROR, r->arguments[1],
		    "bad-value", "the interval in seconds: %s", e.msg);
out:
	buf_clear(&text);
}

static void
declare_service(struct reading *x, const struct service *v,
    const struct class *class, const struct recipe *r)
{
	const struct handler_decl *twin;
	struct handler_decl *h;
	struct buf name = { 0 };

	if (r->n == 0) {
		source_report(&v->source, DIAG_ERROR, v->id,
		    "missing-argument", "the handler has no name: give it as "
		    "the first of the \"arguments:\"");
		return;
	}
	if (read_argument(x, r, 0, &name) == -1)
		goto out;
	twin = declare_find(x->table, buf_slice(&name));
	if (twin != NULL && !twin->service)
		goto out;		/* wampd.yml has it */
	if (twin != NULL)
		source_report(&v->source, DIAG_WARNING, v->id,
		    "duplicate-handler", "the handler \"%s\" is also declared "
		    "in %s:%u; this declaration is used", twin->name,
		    twin->file, twin->line);
	h = declare_new(x->table, class->type, buf_slice(&name),
	    v->source.file, v->id);
	if (h == NULL)
		goto out;
	h->service = true;
	h->secured.wildcard = class->kind == CLASS_WILDCARD;
	if (class->kind == CLASS_PING)
		read_interval(x, r, h);
	declare_put(x->table, h);
out:
	buf_clear(&name);
}

/* Whether there is anything to do for the service. */
static bool
is_wanted(const struct service *v)
{
	static const char *const tags[] = { "gos_web_socket.topic",
	    "gos_web_socket.rpc", "gos_web_socket.periodic" };
	const struct yaml_node *n = yaml_get(v->value, "abstract");
	bool abstract = false;
	size_t i;

	if (n != NULL && yaml_bool(&abstract, n) == 0 && abstract)
		return false;
	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (service_has_tag(v, tags[i]))
			return true;
	return false;
}

static void
read_service(struct reading *x, const struct service *v)
{
	const struct class *class;
	struct recipe r;

	if (service_recipe(&x->container, v, &r) == 0) {
		class = class_find(r.class.data);
		if (class != NULL && class->kind == CLASS_NEEDLESS)
			;
		else if (r.opaque ||
		    container_decorator(&x->container, v) != NULL)
			report_opaque(x, v, &r);
		else if (class == NULL)
			report_class(x, v, &r, r.class.data);
		else
			declare_service(x, v, class, &r);
	}
	recipe_clear(&r);
}

/* Which of two services of one name counts, PHP's container decides. */
static void
drop_claimed(struct reading *x)
{
	struct declarations *t = x->table;
	struct handler_decl *h;
	size_t i, kept = 0;

	for (i = 0; i < t->n; i++) {
		h = t->v[i];
		if (h->service &&
		    map_find(&x->claims, slice_str(h->name)) != NULL)
			(void)map_remove(&t->by_name, slice_str(h->name));
		else
			t->v[kept++] = h;
	}
	t->n = kept;
}

void
declare_services(struct declarations *t, const struct declare_source *src,
    struct diags *d)
{
	const struct source s = { .file = src->file, .diags = d,
	    .mem = &t->mem };
	struct reading x = { .table = t };
	size_t i, before = d->errors;
	const struct service *v;

	map_init(&x.claims, claim_name);
	container_init(&x.container, src->n_services);
	for (i = 0; i < src->n_services; i++)
		container_read(&x.container, src->services[i], d);
	t->partial |= d->errors != before;
	if (x.container.failed || parameters_add(&x.container.parameters, &s,
	    src->parameters) == -1)
		t->failed = true;
	for (v = x.container.first; v != NULL && !t->failed &&
	    !diags_full(d); v = v->next)
		if (is_wanted(v))
			read_service(&x, v);
	drop_claimed(&x);
	if (x.container.failed)
		t->failed = true;
	map_clear(&x.claims);
	container_clear(&x.container);
}
