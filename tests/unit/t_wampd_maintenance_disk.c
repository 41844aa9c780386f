/*
 * t_wampd_maintenance_disk.c: the maintenance state over a restart and on disks
 * that fail, and the lock file.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/lock_file.h"
#include "route/diag.h"
#include "maint_peer.h"
#include "tap.h"
#include "wampd/handlers/types.h"
#include "wampd/join.h"

/* ---- over a restart ---- */

/* A state as it was written before there were plans. */
#define OLD_STATE	"[\"2025-11-30T12:00:00.000Z\"," \
	"{\"isOn\":true,\"userId\":7}]\n"

static char folder[] = "/tmp/t_wampd_maintenance.XXXXXX";

static const char *
in_folder(const char *name)
{
	static char path[sizeof(folder) + 32];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
test_restart(void)
{
	struct fake_peer *p = begin(folder, NULL);

	(void)set(p, "true,7,{\"message\":\"brb\","
	    "\"at\":\"2025-11-30T11:30Z\",\"until\":\"2025-11-30T12:00Z\"}");
	end(p);
	p = begin(folder, NULL);
	tap_ok(state_has(p, "\"planned\":{\"at\":\"2025-11-30T11:30:"),
	    "the plan is still there");
	tap_str(after(p, HOUR / 2), ON_UNTIL, "and is carried out");
	end(p);
	p = begin(folder, NULL);
	tap_str(fake_hear(p), ON_UNTIL, "it is on");
	tap_str(after(p, HOUR), OFF, "and ends");
	(void)set(p, "true,7,{\"until\":\"2025-11-30T12:30Z\"}");
	end(p);
	time_forward(2 * HOUR);
	p = begin(folder, NULL);
	tap_ok(heard(after(p, 1), OFF), "over while it did not run: ends now");
	(void)set(p, "true,7,{\"at\":\"2025-11-30T13:30Z\","
	    "\"until\":\"2025-11-30T14:00Z\"}");
	end(p);
	time_forward(9 * HOUR);
	p = begin(folder, NULL);
	tap_str(after(p, 1), OFF, "one that was missed as a whole is none");
	tap_ok(state_has(p, "\"planned\":null"), "any more");
	end(p);
	(void)unlink(in_folder("maintenance.json"));
}

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(in_folder(name), "we");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		abort();
}

/* Whether such a file is there with that text, which is then removed. */
static bool
was_kept(const char *name, const char *text)
{
	struct buf got = { 0 };
	struct errbuf e;
	bool rc;

	rc = io_read_regular(&got, in_folder(name), 1 << 20, &e) == 0 &&
	    slice_eq(buf_slice(&got), slice_str(text));
	buf_clear(&got);
	(void)unlink(in_folder(name));
	return rc;
}

/* What is not a state is set aside as it is, once the loop runs. */
static void
test_bad_file(void)
{
	static const char *const bad[] = {
		"", "{}", "[]", "[\"\",{}]", "[1,null]", "[\"\",1]",
		"[\"\",null,\"2025-11-30T12:00Z\"]",
		"[\"\",null,\"12:00\",{\"isOn\":true}]",
		"[\"\",null,\"2025-11-30T12:00Z\",{}]",
		"[\"2025-11-30T12:00:00.000Z-and-more\",null]",
	};
	struct broker_settings settings = fake_settings();
	struct diags d = { 0 };
	const struct broker_parts none = {
		.types = handler_types, .first.diags = &d
	};
	struct errbuf e;
	struct fake_peer *p;
	size_t i;

	settings.state_dir = folder;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put("maintenance.json", bad[i]);
		broker_free(join_broker(&settings, &none, &e));
		tap_ok(was_kept("maintenance.json", bad[i]),
		    "a check leaves it: %s", bad[i]);
		put("maintenance.json", bad[i]);
		p = begin(folder, NULL);
		tap_ok(heard(set(p, "true"), "\"wasOn\":false}"),
		    "it is no state");
		end(p);
		tap_ok(was_kept("maintenance.json.bad", bad[i]),
		    "it is set aside");
		end(begin(folder, NULL));
	}
	put("maintenance.json", OLD_STATE);
	end(begin(folder, NULL));
	tap_ok(was_kept("maintenance.json", OLD_STATE), "an old one stays");
}

/* What else may lie there: nothing is waited for, and nothing lost. */
static void
test_foreign(void)
{
	char path[sizeof(folder) + 32], aside[sizeof(folder) + 48];
	struct fake_peer *p;
	struct stat st;
	char *huge = calloc(1, 1 << 20);

	if (huge == NULL)
		abort();
	memset(huge, ' ', (1 << 20) - 1);
	(void)snprintf(path, sizeof(path), "%s", in_folder(
	    "maintenance.json"));
	(void)snprintf(aside, sizeof(aside), "%s.bad", path);
	if (mkfifo(path, 0600) == -1)
		abort();
	end(begin(folder, NULL));
	tap_ok(stat(aside, &st) == 0 && S_ISFIFO(st.st_mode), "a pipe");
	if (mkdir(path, 0700) == -1)
		abort();
	p = begin(folder, NULL);
	(void)snprintf(aside, sizeof(aside), "%s.bad-2", path);
	tap_ok(stat(aside, &st) == 0 && S_ISDIR(st.st_mode),
	    "a folder, beside what was set aside before");
	if (mkfifo(path, 0600) == -1)
		abort();
	tap_ok(heard(set(p, "true"), "\"wasOn\":false}"),
	    "a pipe that appears later");
	end(p);
	(void)rmdir(aside);
	aside[strlen(aside) - 1] = '3';
	tap_ok(stat(aside, &st) == 0 && S_ISFIFO(st.st_mode), "goes, too");
	(void)unlink(aside);
	(void)unlink(in_folder("maintenance.json.bad"));
	put("maintenance.json", huge);
	end(begin(folder, NULL));
	tap_ok(was_kept("maintenance.json.bad", huge), "a large one");
	if (symlink("/dev/zero", path) == -1)
		abort();
	end(begin(folder, NULL));
	tap_ok(lstat(in_folder("maintenance.json.bad"), &st) == 0 &&
	    S_ISLNK(st.st_mode), "a link to a device");
	(void)unlink(in_folder("maintenance.json.bad"));
	free(huge);
}

/* Of those that were killed while they wrote it. */
static void
test_left_behind(void)
{
	int fd;

	put("maintenance.json.wampd-abcdef", "[\"\",nu");
	put("maintenance.json.wampd-backup2", "mine");
	put("maintenance.json.backup", "mine");
	put("maintenance.json.wampd-aaaaaa", "of one that writes it now");
	fd = open(in_folder("maintenance.json.wampd-aaaaaa"), O_RDONLY);
	if (fd == -1 || flock(fd, LOCK_EX) == -1)
		abort();
	end(begin(folder, NULL));
	tap_ok(!was_kept("maintenance.json.wampd-abcdef", "[\"\",nu"),
	    "temporary files are swept away");
	tap_ok(was_kept("maintenance.json.wampd-backup2", "mine") &&
	    was_kept("maintenance.json.backup", "mine"), "others are not");
	tap_ok(was_kept("maintenance.json.wampd-aaaaaa",
	    "of one that writes it now"), "nor what is being written");
	(void)close(fd);
}

/* ---- a disk that fails ---- */

#define REASON	"maintenance.json: cannot create a file beside it: No such"

/* Whoever changes it learns that it is not kept, and it is tried again. */
static void
test_unsaved(void)
{
	char inner[sizeof(folder) + 32];
	struct fake_peer *p;

	(void)snprintf(inner, sizeof(inner), "%s", in_folder("state"));
	if (mkdir(inner, 0700) == -1)
		abort();
	p = begin(inner, NULL);
	(void)set(p, "true");
	(void)rmdir(inner);
	(void)unlink(in_folder("state/maintenance.json"));
	if (rmdir(inner) == -1)
		abort();
	tap_ok(heard(set(p, "false"), "\"wasOn\":true,\"unsaved\":[\""),
	    "who turns it off is told that it is not kept");
	tap_ok(state_has(p, "\"isOn\":false"), "off it is");
	tap_ok(state_has(p, REASON), "the state tells, too");
	tap_ok(heard(set(p, "false"), REASON), "so does the same again");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true}]");
	(void)fake_hear(p);
	tap_ok(state_has(p, REASON), "and after anyone's event");
	(void)set(p, "false");
	(void)after(p, HOUR);
	tap_ok(fake_turn(p->session->broker) <= 60000, "it is tried again");
	if (mkdir(inner, 0700) == -1)
		abort();
	(void)after(p, 60000);
	tap_ok(state_has(p, "\"topic\":\"" TOPIC "\"}"), "until it is kept");
	tap_int(fake_turn(p->session->broker), -1, "and then no more");
	end(p);
	p = begin(inner, NULL);
	tap_ok(state_has(p, "\"isOn\":false"), "after a restart it is off");
	(void)unlink(in_folder("state/maintenance.json"));
	(void)rmdir(inner);
	(void)set(p, "true");
	if (mkdir(inner, 0700) == -1)
		abort();
	end(p);
	tap_int(unlink(in_folder("state/maintenance.json")), 0,
	    "the end is a last chance");
	(void)rmdir(inner);
}

/* ---- the lock file ---- */

#define ON_NULL		"[8,\"" TOPIC "\",{\"isOn\":true,\"userId\":null}]\n"
#define SEEN		1000	/* ms until a change of the file counts */

static void
touch(const char *path)
{
	struct errbuf e;

	if (lock_file_set(path, true, &e) != 1)
		abort();
}

static void
test_lock_follows(const char *lock)
{
	struct fake_peer *p = begin(NULL, lock);

	(void)set(p, "true,7,{\"until\":\"2025-11-30T12:00Z\"}");
	tap_int(lock_file_exists(lock), 1, "on makes it");
	tap_str(after(p, HOUR - 1), "", "and nothing follows from that");
	tap_str(after(p, 1), OFF, "its end");
	tap_int(lock_file_exists(lock), 0, "removes it");
	tap_str(after(p, HOUR), "", "and nothing follows from that");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true},true]");
	(void)fake_hear(p);
	tap_int(lock_file_exists(lock), 1, "anyone's event makes it");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":false},true]");
	(void)fake_hear(p);
	tap_int(lock_file_exists(lock), 0, "and removes it");
	end(p);
}

static void
test_lock_leads(const char *lock)
{
	struct fake_peer *p = begin(NULL, lock);

	(void)after(p, SEEN);
	touch(lock);
	tap_str(after(p, SEEN), ON_NULL, "who makes it turns it on");
	tap_str(after(p, HOUR), "", "once");
	(void)unlink(lock);
	tap_str(after(p, SEEN), OFF_NULL, "who removes it turns it off");
	tap_str(after(p, HOUR), "", "once");
	touch(lock);
	tap_str(after(p, 600), "", "the first look waits");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true,\"userId\":7}]");
	tap_str(after(p, HOUR), "[8,\"" TOPIC "\",{\"isOn\":true,"
	    "\"userId\":7}]\n", "for Oro's own event, which is told alone");
	(void)unlink(lock);
	(void)after(p, 300);
	touch(lock);
	tap_str(after(p, HOUR), "", "what is gone for a moment is there");
	end(p);
	p = begin(NULL, lock);
	(void)fake_turn(p->session->broker);
	tap_str(fake_hear(p), ON_NULL, "there at the start: it is on at once");
	(void)after(p, SEEN);
	(void)unlink(lock);
	tap_str(after(p, 400), "", "later it takes two looks");
	end(p);
	put("maintenance.json", OLD_STATE);
	p = begin(folder, lock);
	(void)fake_turn(p->session->broker);
	tap_ok(state_has(p, "\"isOn\":false"), "gone at the start: it is off");
	end(p);
	(void)unlink(in_folder("maintenance.json"));
}

/* Both sides at once: the file, which Oro goes by, has the last word; and then
 * there is peace. */
static void
test_lock_races(const char *lock)
{
	struct fake_peer *p = begin(NULL, lock);

	(void)after(p, SEEN);
	touch(lock);
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",true]");
	tap_ok(heard(after(p, HOUR), "\"changed\":true"), "both on");
	tap_int(lock_file_exists(lock), 1, "it is there");
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",false]");
	(void)fake_hear(p);
	touch(lock);
	tap_str(after(p, HOUR), ON_NULL, "off here, made there: on");
	(void)unlink(lock);
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",true]");
	tap_ok(heard(fake_hear(p), "\"changed\":false"),
	    "removed there, on again here");
	tap_int(lock_file_exists(lock), 1, "who says on wants the file too");
	tap_str(after(p, HOUR), "", "peace");
	end(p);
	(void)unlink(lock);
}

static void
test_lock_cannot(void)
{
	struct fake_peer *p = begin(NULL, in_folder("none/lock"));

	tap_ok(heard(set(p, "true"), "[4,\"i\",\"wampd.error.internal\","
	    "\"cannot make or remove "), "nobody is told what Oro is not");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true},true]");
	tap_ok(state_has(p, "\"isOn\":true"), "an event counts");
	tap_str(after(p, HOUR), "", "and no file is no order then");
	end(p);
}

/* Applications see no file there. */
static void
test_lock_link(const char *lock)
{
	struct fake_peer *p = begin(NULL, lock);

	if (symlink("nowhere", lock) == -1)
		abort();
	tap_ok(heard(set(p, "true"), "[4,\"i\",\"wampd.error.internal\","
	    "\"cannot make "), "a link to nowhere refuses on");
	tap_ok(state_has(p, "\"isOn\":false"), "and it stays off");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true},true]");
	(void)fake_hear(p);
	tap_ok(state_has(p, "a dangling link"),
	    "after an event the state tells");
	(void)unlink(lock);
	(void)after(p, 60000);
	tap_int(lock_file_exists(lock), 1, "it is made once it can be");
	tap_ok(state_has(p, "\"isOn\":true") && state_has(p, "\"topic\":\""
	    TOPIC "\"}"), "and all is well");
	(void)set(p, "false");
	if (symlink("nowhere", lock) == -1)
		abort();
	tap_ok(heard(set(p, "false"), "\"changed\":false"),
	    "off is not refused");
	end(p);
	(void)unlink(lock);
}

int
main(void)
{
	char lock[sizeof(folder) + 32];

	if (mkdtemp(folder) == NULL)
		abort();
	test_restart();
	test_bad_file();
	test_foreign();
	test_left_behind();
	test_unsaved();
	(void)snprintf(lock, sizeof(lock), "%s", in_folder("lock"));
	test_lock_follows(lock);
	test_lock_leads(lock);
	test_lock_races(lock);
	test_lock_cannot();
	test_lock_link(lock);
	tap_int(rmdir(folder), 0, "nothing is left behind");
	return tap_done();
}
