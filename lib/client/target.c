/*
 * target.c: the options and the environment that say which server a tool
 * talks to.
 */
#include "client/target.h"

#include <stdlib.h>
#include <strings.h>

#include "base/num.h"

#define TARGET_TIMEOUT_MS	10000

/* NULL also for a variable that is set but empty. */
static const char *
env_get(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && v[0] != '\0' ? v : NULL;
}

static int
resolve_timeout(int64_t *out, int64_t given, struct errbuf *e)
{
	const char *env;

	*out = TARGET_TIMEOUT_MS;
	if (given >= 0) {
		*out = given;
		return 0;
	}
	if ((env = env_get("WAMP_TIMEOUT")) == NULL ||
	    num_duration(out, env, e) == 0)
		return 0;
	err_wrap(e, "WAMP_TIMEOUT");
	return -1;
}

int
target_resolve(struct client_target *out, const struct target_opts *o,
    struct errbuf *e)
{
	*out = (struct client_target){ .insecure = o->insecure,
	    .trace = o->trace };
	if (o->url != NULL && o->control != NULL) {
		err_set(e, "--url and --control exclude each other");
		return -1;
	}
	out->url = o->url;
	out->control = o->control;
	/* WAMPD_CONTROL needs no line: path_control() reads it. */
	if (out->url == NULL && out->control == NULL)
		out->url = env_get("WAMP_URL");
	if (o->insecure && (out->url == NULL ||
	    strncasecmp(out->url, "wss://", 6) != 0)) {
		err_set(e, "--insecure needs a wss:// URL");
		return -1;
	}
	return resolve_timeout(&out->timeout_ms, o->timeout_ms, e);
}
