/*
 * key_default.c: the values of keys that are not set.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"

#define MEMORY_SHARE	4	/* queues get 1/4 of the memory, and what else
				 * sessions cause as much */
#define MEMORY_LEAST	(16u << 20)	/* bytes */
#define WORKERS_LEAST	2
#define WORKERS_MOST	8

/* The variables of Oro, for keys that neither the file nor an option sets. */
static const struct {
	size_t	    at;			/* of the key */
	const char *name;
} variables[] = {
	{ offsetof(struct config, listen), "ORO_WEBSOCKET_SERVER_DSN" },
	{ offsetof(struct config, broker.maintenance_lock),
	  "ORO_MAINTENANCE_LOCK_FILE_PATH" },
};

const char *
key_variable(const struct key *k)
{
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		if (variables[i].at != k->at)
			continue;
		value = getenv(variables[i].name);
		if (value != NULL && value[0] != '\0')
			return variables[i].name;
	}
	return NULL;
}

/* Oro's "//0.0.0.0:8080" or "tcp://host:port/path" as an address. */
static int
address_of_dsn(struct buf *out, const char *dsn)
{
	const char *host = strstr(dsn, "//"), *name;
	size_t len;

	host = host != NULL ? host + 2 : dsn;
	len = strcspn(host, "/?");
	if (buf_add(out, host, len) == -1)
		return -1;
	/* The colons within "[::1]" do not begin a port. */
	name = memchr(host, ']', len);
	name = name != NULL ? name : host;
	if (memchr(name, ':', len - (size_t)(name - host)) == NULL &&
	    buf_add_str(out, ":8080") == -1)
		return -1;
	return buf_cstr(out) == NULL ? -1 : 0;
}

/* limits.jq_workers; one of them is for slow requests. */
static int
default_workers(struct buf *out)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return buf_addf(out, "%ld", cores < WORKERS_LEAST ? WORKERS_LEAST :
	    cores > WORKERS_MOST ? WORKERS_MOST : cores);
}

/* limits.queues, limits.memory */
static int
default_memory(struct buf *out)
{
	uint64_t share = memory_limit() / MEMORY_SHARE;

	return buf_addf(out, "%" PRIu64, share > MEMORY_LEAST ? share :
	    MEMORY_LEAST);
}

/* tickets.oro.secret_file: systemd's LoadCredential=oro-secret:FILE */
static int
default_secret(struct buf *out)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	struct buf path = { 0 };
	int rc = 0;

	if (folder == NULL)
		return 0;
	if (buf_addf(&path, "%s/oro-secret", folder) == -1 ||
	    buf_cstr(&path) == NULL)
		rc = -1;
	else if (access(path.data, F_OK) == 0)
		rc = buf_add_slice(out, buf_slice(&path));
	buf_clear(&path);
	return rc;
}

int
key_default(const struct key *k, struct buf *out, struct errbuf *e)
{
	const char *name = key_variable(k);
	const char *variable = name != NULL ? getenv(name) : NULL;
	int rc = 0;

	if (k->at == offsetof(struct config, control_path))
		return path_control(out, e);
	if (variable != NULL)
		rc = k->type == KEY_ADDRESSES ?
		    address_of_dsn(out, variable) :
		    buf_add_str(out, variable);
	else if (k->at == offsetof(struct config, broker.limit_queues) ||
	    k->at == offsetof(struct config, broker.limit_memory))
		rc = default_memory(out);
	else if (k->at == offsetof(struct config, broker.jq_workers))
		rc = default_workers(out);
	else if (k->at == offsetof(struct config, tickets.oro.secret_file))
		rc = default_secret(out);
	else if (k->value != NULL)
		rc = buf_add_str(out, k->value);
	if (rc == -1)
		err_set(e, "out of memory");
	return rc;
}
