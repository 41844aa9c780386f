/*
 * target.c: which server a tool uses and how it logs in.
 *
 * Each place fills a struct target_opts, which is a layer.  The first layer
 * with a value decides.  Settings that belong together (the server; a ticket; a
 * user's secret) are taken from one layer.
 */
#include "client/target.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/io.h"
#include "base/num.h"
#include "base/utf8.h"
#include "client/header.h"
#include "client/oro.h"
#include "client/pem.h"
#include "client/profile.h"
#include "client/url.h"

#define TARGET_TIMEOUT_MS	10000
#define TARGET_KEEPALIVE_MS	30000
#define SECRET_MAX		8192	/* bytes of a file; a URL is shorter */

enum layer { LAYER_OPTIONS, LAYER_ENVIRONMENT, LAYER_PROFILE, LAYERS };

/* One resolution. */
struct resolver {
	struct target *out;
	struct target_opts own[LAYERS];	/* of the layers except the options */
	const struct target_opts *layers[LAYERS];
	struct oro_dsn oro;
	struct errbuf *e;
};

#define PICK(r, member)							\
	pick(r, offsetof(struct target_opts, member))

/* ---- the layers ---- */

/* Also NULL for a variable that is set but empty. */
static const char *
env_get(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && v[0] != '\0' ? v : NULL;
}

static const struct {
	const char *name;
	size_t	    at;		/* in struct target_opts */
} variables[] = {
	{ "WAMPD_CONTROL", offsetof(struct target_opts, control) },
	{ "WAMP_CRA_SECRET_FILE",
	    offsetof(struct target_opts, cra_secret_file) },
	{ "WAMP_CRA_USER", offsetof(struct target_opts, cra_user) },
	{ "WAMP_PROFILE", offsetof(struct target_opts, profile) },
	{ "WAMP_TICKET", offsetof(struct target_opts, ticket) },
	{ "WAMP_TICKET_FILE", offsetof(struct target_opts, ticket_file) },
	{ "WAMP_URL", offsetof(struct target_opts, url) },
};

/* A variable that is not set changes nothing.  0 or -1. */
static int
read_duration(int64_t *out_ms, const char *name, struct errbuf *e)
{
	const char *value = env_get(name);

	if (value == NULL || num_duration(out_ms, value, e) == 0)
		return 0;
	err_wrap(e, "%s", name);
	return -1;
}

static enum exit_status
read_environment(struct target_opts *o, struct errbuf *e)
{
	size_t i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		*(const char **)((char *)o + variables[i].at) =
		    env_get(variables[i].name);
	/* A login environment may set both. */
	if (o->url != NULL)
		o->control = NULL;
	o->timeout_ms = o->keepalive_ms = -1;
	if (read_duration(&o->timeout_ms, "WAMP_TIMEOUT", e) == -1 ||
	    read_duration(&o->keepalive_ms, "WAMP_KEEPALIVE", e) == -1)
		return EXIT_USAGE;
	return EXIT_DONE;
}

static bool
names_server(const struct target_opts *o)
{
	return o->url != NULL || o->control != NULL;
}

static enum exit_status
read_layers(struct resolver *r, const struct target_opts *o)
{
	const char *profile;
	enum exit_status status;
	int i;

	for (i = 0; i < LAYERS; i++)
		r->layers[i] = &r->own[i];
	r->layers[LAYER_OPTIONS] = o;
	status = read_environment(&r->own[LAYER_ENVIRONMENT], r->e);
	if (status != EXIT_DONE)
		return status;
	profile = o->profile != NULL ? o->profile :
	    r->own[LAYER_ENVIRONMENT].profile;
	r->own[LAYER_PROFILE].timeout_ms = -1;
	r->own[LAYER_PROFILE].keepalive_ms = -1;
	/* The file's default is only used if nothing else names a server. */
	if (profile == NULL ? names_server(o) ||
	    names_server(&r->own[LAYER_ENVIRONMENT]) :
	    strcmp(profile, "-") == 0)
		return EXIT_DONE;
	return profile_load(&r->own[LAYER_PROFILE], profile, &r->out->mem,
	    &r->out->warning, r->e);
}

/* The string of the first layer that has one. */
static const char *
pick(const struct resolver *r, size_t at)
{
	const char *value = NULL;
	int i;

	for (i = 0; i < LAYERS && value == NULL; i++)
		value = *(const char *const *)
		    ((const char *)r->layers[i] + at);
	return value;
}

/* ---- where to ---- */

static enum exit_status
resolve_oro(struct resolver *r)
{
	static const char variable[] = "ORO_WEBSOCKET_BACKEND_DSN";
	struct client_target *t = &r->out->client;
	const char *dsn = env_get(variable);

	if (dsn == NULL)
		return EXIT_DONE;
	if (oro_dsn_parse(&r->oro, dsn, &r->out->mem, r->e) == -1) {
		err_wrap(r->e, "%s", variable);
		return EXIT_USAGE;
	}
	t->url = r->oro.url;
	t->url_from = variable;
	return EXIT_DONE;
}

static enum exit_status
resolve_where(struct resolver *r)
{
	static const char *const from[LAYERS] = { "--url", "WAMP_URL",
	    "the profile's url" };
	const struct target_opts *profile = r->layers[LAYER_PROFILE];
	struct client_target *t = &r->out->client;
	int i;

	if (r->layers[LAYER_OPTIONS]->url != NULL &&
	    r->layers[LAYER_OPTIONS]->control != NULL) {
		err_set(r->e, "--url and --control exclude each other");
		return EXIT_USAGE;
	}
	for (i = 0; i < LAYERS; i++)
		if (r->layers[i]->url != NULL ||
		    r->layers[i]->control != NULL) {
			t->url = r->layers[i]->url;
			t->url_from = from[i];
			t->control = r->layers[i]->control;
			break;
		}
	/* A profile's secrets are for its own server. */
	if (i < LAYER_PROFILE && (profile->control != NULL ||
	    (profile->url != NULL && (t->url == NULL ||
	    strcmp(profile->url, t->url) != 0))))
		r->own[LAYER_PROFILE] = (struct target_opts){
		    .timeout_ms = profile->timeout_ms,
		    .keepalive_ms = profile->keepalive_ms };
	if (i < LAYERS)
		return EXIT_DONE;
	return resolve_oro(r);
}

/* ---- how to get in ---- */

/* Read the first line of a file with a secret into the arena. */
static enum exit_status
read_secret(struct resolver *r, const char **out, const char *path,
    const char *what)
{
	struct buf text = { 0 };
	enum exit_status status = EXIT_WORK;
	struct slice line;
	const char *end;

	if (io_read_file(&text, path, SECRET_MAX, r->e) == -1) {
		err_wrap(r->e, "%s: %s", what, path);
		goto out;
	}
	line = utf8_unmark(buf_slice(&text));
	end = line.len > 0 ? memchr(line.p, '\n', line.len) : NULL;
	if (end != NULL)
		line.len = (size_t)(end - line.p);
	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	if (line.len == 0 || memchr(line.p, '\0', line.len) != NULL) {
		err_set(r->e, "%s: %s: its first line is %s", what, path,
		    line.len == 0 ? "empty" : "no text");
		goto out;
	}
	if ((*out = arena_copy(&r->out->mem, line)) != NULL)
		status = EXIT_DONE;
	else
		err_set(r->e, "out of memory");
out:
	buf_clear(&text);
	return status;
}

static enum exit_status
make_oro_ticket(struct resolver *r)
{
	struct client_target *t = &r->out->client;
	const char *secret = env_get("ORO_SECRET");
	struct buf ticket = { 0 };

	if (secret == NULL)
		return EXIT_DONE;
	if (oro_ticket_now(&ticket, secret, r->e) == -1) {
		err_wrap(r->e, "ORO_SECRET");
		return EXIT_USAGE;
	}
	t->ticket = arena_copy(&r->out->mem, buf_slice(&ticket));
	buf_clear(&ticket);
	if (t->ticket != NULL)
		return EXIT_DONE;
	err_set(r->e, "out of memory");
	return EXIT_WORK;
}

static enum exit_status
resolve_ticket(struct resolver *r)
{
	const struct target_opts *o;
	int i;

	for (i = 0; i < LAYERS; i++) {
		o = r->layers[i];
		if (o->ticket != NULL) {
			r->out->client.ticket = o->ticket;
			return EXIT_DONE;
		}
		if (o->ticket_file == NULL)
			continue;
		if (strcmp(o->ticket_file, "-") == 0)
			return EXIT_DONE;
		return read_secret(r, &r->out->client.ticket, o->ticket_file,
		    "ticket");
	}
	return r->oro.url != NULL ? make_oro_ticket(r) : EXIT_DONE;
}

static enum exit_status
resolve_cra(struct resolver *r)
{
	struct client_target *t = &r->out->client;
	const struct target_opts *o;
	int i;

	if ((t->cra_user = PICK(r, cra_user)) == NULL)
		return EXIT_DONE;
	for (i = 0; i < LAYERS; i++) {
		o = r->layers[i];
		t->cra_secret = o->cra_secret;
		if (o->cra_secret != NULL)
			return EXIT_DONE;
		if (o->cra_secret_file != NULL)
			return read_secret(r, &t->cra_secret,
			    o->cra_secret_file, "WAMP-CRA secret");
	}
	err_set(r->e, "WAMP-CRA as %.100s needs WAMP_CRA_SECRET_FILE, or a "
	    "profile's secret", t->cra_user);
	return EXIT_USAGE;
}

/* Combine the headers of all layers. */
static enum exit_status
resolve_headers(struct resolver *r)
{
	struct client_target *t = &r->out->client;
	const char **all, *agent = NULL;
	size_t n = 1, i, j;

	for (i = 0; i < LAYERS; i++)
		n += r->layers[i]->headers.n;
	if ((all = arena_alloc(&r->out->mem, n * sizeof(*all))) == NULL)
		goto nomem;
	for (i = 0; i < LAYERS; i++)
		for (j = 0; j < r->layers[i]->headers.n; j++)
			all[t->n_headers++] = r->layers[i]->headers.v[j];
	if (r->oro.user_agent != NULL) {
		if ((agent = header_make(&r->out->mem, "User-Agent",
		    r->oro.user_agent)) == NULL)
			goto nomem;
		all[t->n_headers++] = agent;
	}
	t->headers = all;
	for (i = 0; i < t->n_headers; i++)
		if (header_check(all[i], r->e) == -1) {
			err_wrap(r->e, all[i] == agent ? "user_agent" :
			    "--header");
			return EXIT_USAGE;
		}
	return EXIT_DONE;
nomem:
	err_set(r->e, "out of memory");
	return EXIT_WORK;
}

/* libwebsockets says neither which file it could not use, nor why. */
static enum exit_status
resolve_pem(struct resolver *r, const char **out, const char *option,
    enum pem_kind kind, const char *picked, const char *oro)
{
	*out = picked != NULL ? picked : oro;
	if (*out == NULL || pem_check(*out, kind, r->e) == 0)
		return EXIT_DONE;
	err_wrap(r->e, "%s: %s", option, *out);
	return EXIT_WORK;
}

static enum exit_status
resolve_tls(struct resolver *r)
{
	struct client_target *t = &r->out->client;
	enum exit_status status;
	bool insecure = false;
	int i;

	for (i = 0; i < LAYERS; i++)
		insecure = insecure || r->layers[i]->insecure;
	t->any_chain = insecure || r->oro.any_chain;
	t->any_name = insecure || r->oro.any_name;
	t->self_signed = r->oro.self_signed;
	status = resolve_pem(r, &t->cacert, "--cacert", PEM_CERTIFICATE,
	    PICK(r, cacert), r->oro.cafile);
	if (status == EXIT_DONE)
		status = resolve_pem(r, &t->cert, "--cert", PEM_CERTIFICATE,
		    PICK(r, cert), r->oro.local_cert);
	if (status != EXIT_DONE)
		return status;
	if (t->cert == NULL && PICK(r, key) != NULL) {
		err_set(r->e, "--key needs --cert");
		return EXIT_USAGE;
	}
	return resolve_pem(r, &t->key, "--key", PEM_KEY, PICK(r, key),
	    r->oro.local_pk != NULL ? r->oro.local_pk : t->cert);
}

/* ---- options that have no meaning there ---- */

static enum exit_status
check_options(const struct target_opts *o, const struct client_target *t,
    struct errbuf *e)
{
	const struct {
		const char *name;
		bool given, tls;
	} rows[] = {
		{ "--cacert", o->cacert != NULL, true },
		{ "--cert", o->cert != NULL, true },
		{ "--cra-user", o->cra_user != NULL, false },
		{ "--header", o->headers.n > 0, false },
		{ "--insecure", o->insecure, true },
		{ "--key", o->key != NULL, true },
		{ "--no-subprotocol", o->no_subprotocol, false },
		{ "--origin", o->origin != NULL, false },
		{ "--ticket-file", o->ticket_file != NULL &&
		    strcmp(o->ticket_file, "-") != 0, false },
	};
	bool tls = t->url != NULL && strncasecmp(t->url, "wss://", 6) == 0;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].given && (rows[i].tls ? !tls : t->url == NULL)) {
			err_set(e, "%s needs a %sURL", rows[i].name,
			    rows[i].tls ? "wss:// " : "");
			return EXIT_USAGE;
		}
	return EXIT_DONE;
}

/* ---- the whole ---- */

static enum exit_status
resolve_url_settings(struct resolver *r)
{
	struct client_target *t = &r->out->client;
	enum exit_status status;
	int i;

	t->origin = PICK(r, origin);
	if (t->origin == NULL && r->oro.url != NULL)
		t->origin = ORO_ORIGIN;
	if (t->origin != NULL && header_check_value(t->origin, r->e) == -1) {
		err_wrap(r->e, "--origin");
		return EXIT_USAGE;
	}
	for (i = 0; i < LAYERS; i++)
		t->no_subprotocol = t->no_subprotocol ||
		    r->layers[i]->no_subprotocol;
	if ((status = resolve_ticket(r)) == EXIT_DONE &&
	    (status = resolve_cra(r)) == EXIT_DONE &&
	    (status = resolve_headers(r)) == EXIT_DONE &&
	    strncasecmp(t->url, "wss://", 6) == 0)
		status = resolve_tls(r);
	return status;
}

/* The duration of the first layer that has one. */
static int64_t
pick_ms(const struct resolver *r, size_t at, int64_t otherwise)
{
	int64_t ms = -1;
	int i;

	for (i = 0; i < LAYERS && ms < 0; i++)
		ms = *(const int64_t *)((const char *)r->layers[i] + at);
	return ms < 0 ? otherwise : ms;
}

static void
resolve_times(struct resolver *r)
{
	struct client_target *t = &r->out->client;

	t->timeout_ms = pick_ms(r, offsetof(struct target_opts, timeout_ms),
	    TARGET_TIMEOUT_MS);
	t->keepalive_ms = pick_ms(r, offsetof(struct target_opts,
	    keepalive_ms), TARGET_KEEPALIVE_MS);
}

enum exit_status
target_resolve(struct target *out, const struct target_opts *o,
    struct errbuf *e)
{
	struct resolver r = { .out = out, .e = e };
	enum exit_status status;

	*out = (struct target){ .client = { .trace = o->trace } };
	if ((status = read_layers(&r, o)) != EXIT_DONE)
		return status;
	resolve_times(&r);
	if ((status = resolve_where(&r)) != EXIT_DONE ||
	    (status = check_options(o, &out->client, e)) != EXIT_DONE)
		return status;
	return out->client.url != NULL ? resolve_url_settings(&r) :
	    EXIT_DONE;
}

enum exit_status
target_check(const struct target_opts *profile, struct errbuf *e)
{
	static const struct target_opts nothing = TARGET_OPTS_INIT;
	struct target out = { .client = { .url = profile->url } };
	struct resolver r = { .out = &out, .e = e, .layers = {
	    [LAYER_OPTIONS] = &nothing, [LAYER_ENVIRONMENT] = &nothing,
	    [LAYER_PROFILE] = profile } };
	enum exit_status status = EXIT_DONE;
	struct ws_url url = { 0 };

	if (profile->url != NULL)
		status = url_parse(&url, profile->url, e) == 0 ?
		    resolve_url_settings(&r) : EXIT_USAGE;
	url_clear(&url);
	target_clear(&out);
	return status;
}

void
target_clear(struct target *t)
{
	arena_clear(&t->mem);
}
