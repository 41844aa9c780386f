/*
 * t_wampd_config.c: the effective configuration: every key of the table is
 * printed.
 */
#include "wampd/config/config.h"

#include <string.h>

#include "route/yaml.h"
#include "tap.h"
#include "wampd/config/key.h"

/* The value of "limits.queue" or "compat", or NULL. */
static const struct yaml_node *
find(const struct yaml_node *root, const char *name)
{
	const char *dot = strchr(name, '.');
	struct buf section = { 0 };
	const struct yaml_node *n = root;

	for (; dot != NULL && n != NULL; dot = strchr(name, '.')) {
		buf_reset(&section);
		n = buf_add(&section, name, (size_t)(dot - name)) == 0 ?
		    yaml_get(n, buf_cstr(&section)) : NULL;
		name = dot + 1;
	}
	buf_clear(&section);
	return n == NULL ? NULL : yaml_get(n, name);
}

static void
test_every_key(void)
{
	struct diags d = { 0 };
	struct buf out = { 0 };
	struct errbuf e = { "" };
	struct config *cfg = config_read(NULL, NULL, 0, &d);
	struct yaml_doc *doc;
	size_t i;

	tap_int(config_print(&out, cfg, &e), 0, "it is printed%s", e.msg);
	doc = yaml_load_text("out", buf_slice(&out), &d);
	for (i = 0; i < nkeys; i++)
		tap_ok(find(yaml_root(doc), keys[i].name) != NULL,
		    "%s is printed", keys[i].name);
	tap_int(d.n, 0, "without a fault");
	yaml_doc_free(doc);
	config_free(cfg);
	diag_clear(&d);
	buf_clear(&out);
}

/* A file cannot hold it, so it is not printed as something else. */
static void
test_bytes(void)
{
	const struct config_override over[] = { { "routes", "/a\xff" } };
	struct diags d = { 0 };
	struct buf out = { 0 };
	struct errbuf e = { "" };
	struct config *cfg = config_read(NULL, over, 1, &d);

	tap_int(config_print(&out, cfg, &e), -1, "a name that is not UTF-8");
	tap_str(e.msg, "routes: out of memory, or invalid UTF-8",
	    "is reported");
	config_free(cfg);
	diag_clear(&d);
	buf_clear(&out);
}

/* What may be written, and what is stored. */
static void
test_values(void)
{
	static const struct {
		const char *key, *value, *error;
	} bad[] = {
		{ "websocket.paths", "ws", "websocket.paths: \"ws\" is not the "
		    "path of a URL, such as /ws" },
		{ "websocket.paths", "/a?b", "\"/a?b\" is not the path" },
		{ "websocket.paths", "/a b", "\"/a b\" is not the path" },
		{ "websocket.paths", "/\xc3\xa4", "is not the path" },
		{ "websocket.deflate", "1", "\"1\" is neither true nor "
		    "false" },
		{ "limits.head", "255", "255 is less than 256 bytes" },
		{ "limits.handshakes", "0", "limits.handshakes: " },
		{ "blocked_ips", "10.0.0.1/8", "blocked_ips: \"10.0.0.1/8\" "
		    "has bits behind its mask: write 10.0.0.0/8, or 10.0.0.1" },
		{ "allowed_ips", "unix", "allowed_ips: \"unix\" is no" },
		{ "limits.handshakes_address", "0", "handshakes_address: " },
	};
	static const struct config_override good[] = {
		{ "websocket.paths", "/" },
		{ "websocket.paths", "/ws/%20;a=b" },
		{ "websocket.deflate", "yes" }, { "limits.head", "256" },
		{ "require_subprotocol", "TRUE" },
	};
	struct diags d = { 0 };
	struct config *cfg;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct config_override over = { bad[i].key,
		    bad[i].value };

		cfg = config_read(NULL, &over, 1, &d);
		tap_ok(d.n == 1 && strstr(d.v[0].text, bad[i].error) != NULL,
		    "%s: %s", bad[i].key, d.n > 0 ? d.v[0].text : "taken");
		config_free(cfg);
		diag_clear(&d);
	}
	cfg = config_read(NULL, good, sizeof(good) / sizeof(good[0]), &d);
	tap_int(d.n, 0, "good values");
	tap_int(cfg->ws.paths.n, 2, "two paths");
	tap_str(cfg->ws.paths.v[1], "/ws/%20;a=b", "as they came");
	tap_ok(cfg->ws.deflate && cfg->ws.require_subprotocol, "flags");
	tap_int(cfg->ws.head, 256, "a size");
	config_free(cfg);
	diag_clear(&d);
}

static const struct config_value *
value_of(const struct config_value *values, const char *name)
{
	return &values[key_find(name) - keys];
}

/* Whether a restart is needed to get that value, or, if it is NULL, any. */
static bool
is_wanted(const struct config *cfg, const char *name, const char *value)
{
	const struct config_value *v = value_of(cfg->wanted, name);

	if (v->at == NULL || value == NULL)
		return v->at != NULL;
	return v->text.n == 1 && strcmp(v->text.v[0], value) == 0;
}

/* A running broker reads another configuration: keys that need a restart keep
 * their values, and what was read is known. */
static void
test_running(void)
{
	static const struct config_override before[] = {
		{ "listen", "127.0.0.1:1" }, { "state_dir", "/tmp" },
		{ "control.mode", "0600" }, { "compat", "spec" },
	};
	static const struct config_override after[] = {
		{ "listen", "127.0.0.1:2" }, { "user", "no-such-user" },
		{ "maintenance.lock_file", "/tmp/lock" },
	};
	const struct config_source src = { .over = after, .n = 3 };
	struct diags d = { 0 };
	struct config *old = config_read(NULL, before, 4, &d);
	struct config *cfg = config_read_again(&src, old, &d);

	tap_int(d.errors, 0, "users are not looked up");
	tap_int(cfg->listen.n, 1, "one address");
	tap_str(cfg->listen.v[0].port, "1", "the one that is listened on");
	tap_ok(is_wanted(cfg, "listen", "127.0.0.1:2"), "not the new one");
	tap_str(cfg->broker.state_dir, "/tmp", "a removed key stays");
	tap_ok(is_wanted(cfg, "state_dir", NULL), "and it is known");
	tap_int(cfg->control_mode, 0600, "one with a default, too");
	tap_ok(is_wanted(cfg, "control.mode", "0660"), "and its default");
	tap_ok(cfg->broker.maintenance_lock == NULL, "a new key does not come");
	tap_ok(cfg->user.name == NULL, "nor does a user");
	tap_ok(!is_wanted(cfg, "confine", NULL), "others are the same");
	tap_int(cfg->broker.compat, 0, "a key that is live gets its default");
	config_free(cfg);
	cfg = config_read_again(&(struct config_source){ .over = before,
	    .n = 4 }, old, &d);
	tap_ok(!is_wanted(cfg, "listen", NULL) &&
	    !is_wanted(cfg, "state_dir", NULL), "all as before");
	config_free(cfg);
	config_free(old);
	diag_clear(&d);
}

int
main(void)
{
	test_every_key();
	test_bytes();
	test_values();
	test_running();
	return tap_done();
}
