/*
 * check.c: checking that this machine has what the configuration names.
 */
#include "wampd/check.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/lock_file.h"
#include "base/path.h"
#include "route/declare.h"
#include "wampd/check_user.h"
#include "wampd/config/config.h"
#include "wampd/config/door.h"
#include "wampd/handlers/exec_check.h"
#include "wampd/identity.h"
#include "wampd/config/key.h"
#include "wampd/net/listen.h"
#include "wampd/net/tls.h"
#include "wampd/net/unix_socket.h"

#define AT(field)	offsetof(struct config, field)

/* Report a fault of value i of the key that is stored at that offset. */
static void
fault(const struct config *cfg, struct diags *d, enum diag_level level,
    size_t at, size_t i, const char *rule, const char *text)
{
	const struct config_place *p = config_where(cfg, at, i);

	diag_add(d, level, p->file, p->line, p->column, rule, "%s", text);
}

/* ---- sockets ---- */

static void
check_socket(const struct config *cfg, struct diags *d, size_t at, size_t i,
    enum probed probed, const struct errbuf *e, bool busy)
{
	if (probed == PROBED_FAILS)
		fault(cfg, d, DIAG_ERROR, at, i, "cannot-listen", e->msg);
	else if (probed == PROBED_BUSY && !busy)
		fault(cfg, d, DIAG_WARNING, at, i, "in-use", e->msg);
}

/* If a broker uses the control socket, it is assumed to use the addresses,
 * too. */
static void
check_sockets(const struct config *cfg, struct diags *d)
{
	enum probed probed = PROBED_FREE;
	const struct endpoint *at;
	bool runs = false;
	struct errbuf e;
	size_t i, key, index;

	if (cfg->control_path != NULL) {
		probed = unix_socket_probe(cfg->control_path, &e);
		runs = probed == PROBED_BUSY;
		check_socket(cfg, d, AT(control_path), 0, probed, &e, true);
	}
	for (i = 0; (at = config_endpoint(cfg, i, &key, &index)) != NULL; i++) {
		probed = listen_probe(at, &e);
		check_socket(cfg, d, key, index, probed, &e, runs);
	}
}

/* Whether we may change the group of a file to that one. */
static bool
is_in_group(gid_t gid)
{
	gid_t groups[1024];
	int i, n = getgroups(1024, groups);

	for (i = 0; i < n; i++)
		if (groups[i] == gid)
			return true;
	return geteuid() == 0 || getegid() == gid;
}

static void
check_group(const struct config *cfg, struct diags *d)
{
	if (cfg->control_gid != (gid_t)-1 && !is_in_group(cfg->control_gid))
		fault(cfg, d, DIAG_ERROR, AT(control_gid), 0, "cannot-listen",
		    "control.group: this user is not in the group");
}

/* ---- files ---- */

int
check_state_dir(const struct config *cfg, struct errbuf *e)
{
	const char *path = cfg->broker.state_dir;

	if (path == NULL || access(path, W_OK | X_OK) == 0)
		return 0;
	err_set_errno(e, "state_dir: %s", path);
	return -1;
}

int
check_lock_file(const struct config *cfg, struct errbuf *e)
{
	const char *path = cfg->broker.maintenance_lock;

	if (path == NULL || lock_file_check(path, true, e) == 0)
		return 0;
	err_wrap(e, "maintenance.lock_file");
	return -1;
}

/* A lock file that cannot be written is only a warning: the broker can still
 * follow what Oro does. */
static void
check_maintenance(const struct config *cfg, struct diags *d)
{
	struct errbuf e;

	if (check_state_dir(cfg, &e) == -1)
		fault(cfg, d, DIAG_ERROR, AT(broker.state_dir), 0,
		    "cannot-write", e.msg);
	if (check_lock_file(cfg, &e) == -1)
		fault(cfg, d, DIAG_WARNING, AT(broker.maintenance_lock), 0,
		    "cannot-write", e.msg);
}

static void
check_ports_file(const struct config *cfg, struct diags *d)
{
	const char *path = cfg->ports_file;
	struct errbuf e;
	struct stat st;

	if (path == NULL)
		return;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		err_set(&e, "%s is a folder", path);
	} else if (io_is_special(path)) {
		if (access(path, W_OK) == 0)
			return;
		err_set_errno(&e, "%s", path);
	} else if (lock_file_check(path, true, &e) == 0) {
		return;
	}
	diag_add(d, DIAG_ERROR, "command line", 0, 0, "cannot-write",
	    "--ports-file: %s", e.msg);
}

struct checked {
	const struct config *cfg;
	struct diags	    *d;
};

static void
on_tls_fault(void *arg, enum tls_file file, size_t i, const char *text)
{
	static const size_t at[] = {
		[TLS_FILE_CERT] = AT(tls.cert),
		[TLS_FILE_KEY] = AT(tls.key),
		[TLS_FILE_CLIENT_CA] = AT(tls.client_ca),
	};
	const struct checked *c = arg;

	fault(c->cfg, c->d, DIAG_ERROR, at[file], i, "bad-certificate", text);
}

struct tls_settings
check_tls_settings(const struct config *cfg)
{
	return (struct tls_settings){
		.certs = cfg->tls.cert,
		.keys = cfg->tls.key,
		.client_ca = cfg->tls.client_ca,
		.client_cert = (enum tls_client_cert)cfg->tls.client_cert,
	};
}

static void
check_tls(const struct config *cfg, struct diags *d)
{
	const struct tls_settings set = check_tls_settings(cfg);
	struct checked checked = { cfg, d };
	const struct tls_report report = {
		.fault = on_tls_fault, .arg = &checked,
	};

	if (set.certs.n > 0 && set.keys.n > 0)
		(void)tls_check(&set, &report);
}

static void
on_tls_warning(void *arg, enum tls_file file, size_t i, const char *text)
{
	const struct checked *c = arg;

	(void)file;
	fault(c->cfg, c->d, DIAG_WARNING, AT(tls.cert), i, "not-valid", text);
}

struct tls_context *
check_tls_prepare(const struct tls *tls, const struct config *cfg,
    struct diags *d)
{
	const struct tls_settings set = check_tls_settings(cfg);
	struct checked checked = { cfg, d };
	const struct tls_report report = {
		.fault = on_tls_fault, .warning = on_tls_warning,
		.arg = &checked,
	};

	return tls_prepare(tls, &set, &report);
}

/* Check that the program of that key, which is stored at that offset, can be
 * started. */
static void
check_program(const struct config *cfg, struct diags *d, const char *key,
    size_t at, const struct config_lookup *l)
{
	const struct config_place *p = config_where(cfg, at, 0);
	struct slice of = l->cwd != NULL ? slice_str(l->cwd) :
	    path_folder(p->file);
	char folder[PATH_MAX];
	const struct handler_decl decl = {
		.name = key, .file = p->file, .line = p->line,
		.column = p->column,
		.exec = { .argv = l->command.v, .cwd = folder },
	};

	(void)snprintf(folder, sizeof(folder), "%.*s", (int)of.len, of.p);
	if (l->command.n > 0)
		exec_check(&decl, d);
}

void
check_programs(const struct config *cfg, struct diags *d)
{
	check_program(cfg, d, "tickets.oro.command",
	    AT(tickets.oro.lookup.command), &cfg->tickets.oro.lookup);
	check_program(cfg, d, "cookie.command", AT(cookie.lookup.command),
	    &cfg->cookie.lookup);
}

static void
check_identity(const struct config *cfg, struct diags *d)
{
	struct errbuf e;

	check_programs(cfg, d);
	if (identity_check_secret(cfg, &e) == -1)
		fault(cfg, d, DIAG_ERROR, AT(tickets.oro.secret_file), 0,
		    "bad-secret", e.msg);
	identity_check_users(cfg, d);
	identity_check_certificates(cfg, d);
	identity_check_tokens(cfg, d);
}

/* Some files may be meant for all users of a machine, hence only a warning. */
static void
check_secret(const struct config_value *v, const struct key *k,
    struct diags *d)
{
	struct stat st;
	size_t i;

	for (i = 0; i < v->text.n; i++)
		if (stat(v->text.v[i], &st) == 0 && S_ISREG(st.st_mode) &&
		    (st.st_mode & S_IRWXO) != 0)
			diag_add(d, DIAG_WARNING, v->at[i].file, v->at[i].line,
			    v->at[i].column, "not-secret",
			    "%s: %s: all users may read it (chmod o-rwx)",
			    k->name, v->text.v[i]);
}

/* Files of keys for tokens may have public ones alone, which everybody may
 * read.  Who reads these files tells if there are others. */
static bool
may_be_public(const struct key *k)
{
	return k->at == AT(tickets.paseto.keys) ||
	    k->at == AT(tickets.jwt.keys) || k->at == AT(tickets.issue_key);
}

static void
check_secrets(const struct config *cfg, struct diags *d)
{
	size_t i;

	for (i = 0; i < nkeys; i++)
		if (key_is_secret(&keys[i]) && !may_be_public(&keys[i]))
			check_secret(&cfg->values[i], &keys[i], d);
}

/* What the user of a running broker reads and writes. */
static void
check_files(const struct config *cfg, struct diags *d)
{
	if (check_user_paths(cfg, d) == 0) {
		check_tls(cfg, d);
		check_identity(cfg, d);
	}
	if (cfg->user.name == NULL)
		check_maintenance(cfg, d);
	check_ports_file(cfg, d);
}

void
check_machine(const struct config *cfg, struct diags *d)
{
	config_check_door(cfg, d);
	check_sockets(cfg, d);
	check_group(cfg, d);
	check_secrets(cfg, d);
	check_user_run(cfg, d, check_files);
}

static void
check_user_files(const struct config *cfg, struct diags *d)
{
	(void)check_user_paths(cfg, d);
	check_ports_file(cfg, d);
}

void
check_start(const struct config *cfg, struct diags *d)
{
	check_secrets(cfg, d);
	if (cfg->user.name != NULL)
		check_user_run(cfg, d, check_user_files);
}
