/*
 * fuzz_profiles.c: any bytes as a profiles.yml of the tools.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/scratch.h"
#include "client/profile.h"
#include "client/profiles.h"
#include "client/target.h"
#include "fuzz.h"

#define SECRET	"kept to itself"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const variables[] = { "WAMP_URL", "WAMP_PROFILE",
    "WAMP_TICKET", "WAMP_TICKET_FILE", "WAMP_CRA_USER", "WAMP_CRA_SECRET",
    "WAMP_CRA_SECRET_FILE", "WAMPD_CONTROL", "ORO_SECRET",
    "ORO_WEBSOCKET_BACKEND_DSN" };

static void
setup(void)
{
	static bool done;
	size_t i;

	if (done)
		return;
	done = true;
	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		(void)unsetenv(variables[i]);
	(void)setenv("XDG_CONFIG_HOME", scratch_folder(), 1);
	(void)setenv("XDG_RUNTIME_DIR", scratch_folder(), 1);
	scratch_mkdir("wamp");
	scratch_write("wamp/secret", SLICE(SECRET "\n"));
}

/* The settings for a connection, if this profile has no fault. */
static int
try_profile(void *arg, const struct profile_seen *p)
{
	struct target_opts o = TARGET_OPTS_INIT;
	struct target t;
	struct errbuf e = { "" };

	(void)arg;
	assert(p->name != NULL && p->file != NULL && p->line > 0);
	o.profile = p->name;
	if (target_resolve(&t, &o, &e) != EXIT_DONE)
		assert(e.msg[0] != '\0' && strchr(e.msg, '\n') == NULL);
	target_clear(&t);
	return 0;
}

/* One JSON list, with no secret of a file in it. */
static void
check_list(struct slice text)
{
	assert(is_json(text, JSON_DEPTH_MAX, NULL));
	assert(memmem(text.p, text.len, SECRET, strlen(SECRET)) == NULL);
}

/* Reading a device may never end; and the secret must not be there already. */
static bool
is_unfit(struct slice text)
{
	static const char *const words[] = { "/dev", "/proc", "/sys", "..",
	    SECRET };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (memmem(text.p, text.len, words[i],
		    strlen(words[i])) != NULL)
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct buf list = { 0 }, names = { 0 };
	struct errbuf e = { "" };
	size_t faulty = 0;

	if (is_unfit(text))
		return 0;
	setup();
	scratch_write("wamp/profiles.yml", text);
	(void)profile_each(try_profile, NULL, &e);
	(void)profiles_list(&list, &faulty, &e);
	check_list(buf_slice(&list));
	assert(profile_list(&names) == 0);
	buf_clear(&names);
	buf_clear(&list);
	return 0;
}
