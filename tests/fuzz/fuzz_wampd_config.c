/*
 * fuzz_wampd_config.c: any bytes as a wampd.yml.
 *
 * Each error names its place in a line that a terminal can show.  What has no
 * error can be printed, and says the same when it is read again.
 */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/scratch.h"
#include "route/declare.h"
#include "wampd/assemble.h"
#include "wampd/config/config.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What would leave the folder of the test: other files, and processes for jq
 * programs. */
static const char *const outside[] = { "**", "..", "/dev", "/proc", "/sys",
    "jq" };

static bool
leaves(struct slice text)
{
	size_t i;

	for (i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		if (memmem(text.p, text.len, outside[i],
		    strlen(outside[i])) != NULL)
			return true;
	return false;
}

/* Files beside it, which it may name. */
static void
setup(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	scratch_write("routes.yml", SLICE(
	    "a: { channel: 'a/{x}', handler: { callback: a } }\n"
	    "b: { channel: b, handler: { callback: b } }\n"));
	scratch_write("services.yml", SLICE(
	    "services:\n  b:\n    class: Oro\\Bundle\\SyncBundle\\Topic\\"
	    "BroadcastTopic\n    arguments: [b]\n"));
	scratch_write("secret", SLICE("ThisTokenIsNotSoSecretChangeIt\n"));
	scratch_write("list.yml", SLICE("[127.0.0.1, 2001:db8::/32]\n"));
	(void)setenv("XDG_RUNTIME_DIR", scratch_folder(), 1);
	(void)unsetenv("WAMPD_CONTROL");
}

static void
check_diags(const struct diags *d)
{
	size_t i, at;

	for (i = 0; i < d->n; i++) {
		assert(d->v[i].rule != NULL && d->v[i].text[0] != '\0');
		for (at = 0; d->v[i].text[at] != '\0'; at++)
			assert(!iscntrl((unsigned char)d->v[i].text[at]));
	}
}

static void
check_printed(const struct config *cfg)
{
	struct buf once = { 0 }, twice = { 0 };
	struct diags d = { 0 };
	struct config *again;
	struct errbuf e;

	assert(config_print(&once, cfg, &e) == 0);
	scratch_write("printed.yml", buf_slice(&once));
	again = config_read(scratch_path("printed.yml"), NULL, 0, &d);
	assert(again != NULL);
	if (d.errors > 0) {
		diag_print(&d, stderr);
		abort();
	}
	assert(config_print(&twice, again, &e) == 0);
	assert(slice_eq(buf_slice(&once), buf_slice(&twice)));
	config_free(again);
	diag_clear(&d);
	buf_clear(&once);
	buf_clear(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct diags d = { 0 };
	struct config *cfg;

	if (leaves(text))
		return 0;
	setup();
	scratch_write("wampd.yml", text);
	cfg = config_read(scratch_path("wampd.yml"), NULL, 0, &d);
	assert(cfg != NULL);
	check_diags(&d);
	if (d.errors == 0) {
		check_printed(cfg);
		assemble_check(cfg, true, &d);
		check_diags(&d);
	}
	config_free(cfg);
	diag_clear(&d);
	return 0;
}
