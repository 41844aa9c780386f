/*
 * t_wampd_state.c: kept events survive a restart, with disks that fail, with
 * damaged files and when the power fails.
 */
#include "wampd/state/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "fake.h"
#include "scratch.h"
#include "tap.h"
#include "wampd/core/event.h"
#include "wampd/core/keep.h"
#include "wampd/core/kept_file.h"
#include "wampd/core/topic.h"
#include "wampd/state/state_parts.h"

#define LOG	"state/" STATE_FILE

/* ---- a disk that fails, and remembers ---- */

static struct {
	int    write_errno, sync_errno;	/* 0: it works */
	size_t short_by;	/* bytes that a write takes at most; 0: any */
	bool   interrupt;	/* every other call is interrupted */
	bool   was;
} disk;

static bool
interrupted(void)
{
	disk.was = disk.interrupt && !disk.was;
	if (disk.was)
		errno = EINTR;
	return disk.was;
}

static ssize_t
disk_write(int fd, const void *p, size_t n, off_t at)
{
	if (interrupted())
		return -1;
	errno = disk.write_errno;
	if (disk.write_errno != 0)
		return -1;
	return pwrite(fd, p, disk.short_by > 0 && n > disk.short_by ?
	    disk.short_by : n, at);
}

static int
disk_sync(int fd)
{
	if (interrupted())
		return -1;
	errno = disk.sync_errno;
	(void)fd;
	return disk.sync_errno != 0 ? -1 : 0;
}

static const struct log_calls disk_calls = { disk_write, disk_sync, rename };

/* ---- brokers ---- */

static int64_t sync_time;	/* state.sync */

static struct state *
state_of(const struct broker *b)
{
	return b->keep.ctx;
}

static struct broker *
begin(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct errbuf e = { "" };

	set.state_dir = scratch_path("state");
	set.state_sync = sync_time;
	b = fake_broker(&set);
	log_init("test", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	b->loop = NULL;		/* writing is done at once */
	if (!tap_ok(state_open(b, &e) == 0, "it starts: %s", e.msg))
		abort();
	state_of(b)->job.log.calls = &disk_calls;
	state_of(b)->job.fresh.calls = &disk_calls;
	return b;
}

/* A new folder. */
static struct broker *
begin_anew(void)
{
	memset(&disk, 0, sizeof(disk));
	sync_time = -1;
	scratch_remove("state");
	scratch_mkdir("state");
	return begin();
}

/* Retain an event; the answer to it. */
static const char *
retain(struct fake_peer *p, const char *topic, int64_t n)
{
	(void)fake_say(p, "[2,\"i\",\"wampd.publish\",\"%s\",%ld,"
	    "{\"retain\":true}]", topic, (long)n);
	(void)fake_turn(p->session->broker);
	return fake_hear(p);
}

/* The event of the topic; -1: none. */
static long
retained(struct broker *b, const char *topic)
{
	const struct topic *t = topic_find(&b->topics, slice_str(topic));
	char number[32];

	if (t == NULL || t->retained == NULL)
		return -1;
	(void)snprintf(number, sizeof(number), "%.*s", (int)t->retained->len,
	    t->retained->data);
	return strtol(number, NULL, 10);
}

static struct buf
read_log(void)
{
	struct buf text = { 0 };
	struct errbuf e;

	if (io_read_regular(&text, scratch_path(LOG), SIZE_MAX, &e) == -1)
		tap_ok(false, "the log can be read: %s", e.msg);
	return text;
}

/* ---- a broker ---- */

static void
test_restart(void)
{
	struct broker *b = begin_anew();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	tap_ok(has(retain(p, "a", 1), "delivered"), "an answer");
	(void)retain(p, "b", 2);
	(void)retain(p, "a", 3);
	(void)fake_say(p, "[2,\"f\",\"wampd.forget\",\"b\"]");
	(void)fake_turn(b);
	fake_end(b);		/* as if killed: nothing is flushed */
	b = begin();
	tap_int(retained(b, "a"), 3, "the last event is restored");
	tap_int(retained(b, "b"), -1, "a dropped one is not");
	p = fake_open(b, WIRE_LINE);
	(void)retain(p, "a", 4);
	fake_end(b);
	b = begin();
	tap_int(retained(b, "a"), 4, "the log goes on after a restart");
	fake_end(b);
}

/* Not on disk before its time. */
static void
test_later(void)
{
	struct broker *b = begin_anew();
	struct fake_peer *p;
	struct errbuf e;

	fake_end(b);
	sync_time = 1000;
	b = begin();
	p = fake_open(b, WIRE_LINE);
	(void)retain(p, "a", 1);
	tap_int((int64_t)b->stats.state_syncs, 0, "nothing is written yet");
	fake_pass(b, 1000);
	tap_int(state_of(b)->oldest, -1, "it is after state.sync");
	(void)retain(p, "b", 2);
	tap_int(state_release(b, &e), 0, "the end writes the rest");
	fake_end(b);
	b = begin();
	tap_int(retained(b, "a") * 10 + retained(b, "b"), 12, "both are there");
	fake_end(b);
}

static void
test_lock(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = begin_anew(), *other;
	struct errbuf e;

	set.state_dir = scratch_path("state");
	other = fake_broker(&set);
	tap_int(state_open(other, &e), -1, "another broker is refused");
	tap_ok(strstr(e.msg, "another wampd uses it") != NULL, "%s", e.msg);
	tap_int(state_release(b, &e), 0, "the first one hands it over");
	tap_int(state_open(other, &e), 0, "then the other one has it");
	broker_free(other);
	fake_end(b);
}

/* What is cleared is acknowledged when it is on disk. */
static void
test_cleared(const char *call)
{
	struct broker *b = begin_anew();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	const char *answer;

	(void)retain(p, "a", 1);
	disk.sync_errno = EIO;
	(void)fake_say(p, "[2,\"i\",\"%s\",\"a\"]", call);
	(void)fake_turn(b);
	(void)fake_turn(b);
	answer = fake_hear(p);
	tap_ok(has(answer, "could not be saved"), "%s: %s", call, answer);
	disk.sync_errno = 0;
	fake_pass(b, 120000);
	(void)retain(p, "a", 2);
	(void)fake_say(p, "[2,\"i\",\"%s\",\"a\"]", call);
	(void)fake_turn(b);
	(void)fake_turn(b);
	tap_ok(has(fake_hear(p), ":1}"), "%s: it is told when it is", call);
	fake_end(b);
	b = begin();
	tap_int(retained(b, "a"), -1, "%s: it is", call);
	fake_end(b);
}

/* A log is not larger after many starts than after one. */
static void
test_starts(void)
{
	struct broker *b = begin_anew();
	uint64_t largest = 0;
	struct fake_peer *p;
	int i, n;

	for (i = 0; i < 40; i++) {
		p = fake_open(b, WIRE_LINE);
		for (n = 0; n < 5000; n++)
			(void)retain(p, "a", i);
		if (state_of(b)->log_size > largest)
			largest = state_of(b)->log_size;
		fake_end(b);
		b = begin();
	}
	tap_ok(largest < 3 << 20,
	    "the log stays small over many starts");
	tap_int(retained(b, "a"), i - 1, "and has the last event");
	fake_end(b);
}

/* ---- disks that fail ---- */

static void
test_slow_disk(void)
{
	struct broker *b = begin_anew();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	char topic[16];
	int i;

	disk.short_by = 7;
	disk.interrupt = true;
	for (i = 0; i < 50; i++) {
		(void)snprintf(topic, sizeof(topic), "t%d", i);
		(void)retain(p, topic, i);
	}
	fake_end(b);
	disk.short_by = 0;
	disk.interrupt = false;
	b = begin();
	tap_int(retained(b, "t49"), 49, "short and interrupted writes");
	tap_int((int64_t)b->topics.retained_events, 50, "all are there");
	fake_end(b);
}

/* The event of that number, on a disk that fails so. */
static void
try_failure(struct broker *b, struct fake_peer *p, const char *topic,
    const char *what)
{
	const char *answer = retain(p, topic, 2);

	tap_ok(has(answer, "could not be saved") && has(answer, what),
	    "a failing disk is told: %s", answer);
	tap_ok(has(retain(p, topic, 3), "could not be saved"),
	    "and again, at once");
	disk.write_errno = disk.sync_errno = 0;
	fake_pass(b, 120000);
	tap_int(state_of(b)->oldest, -1, "it is saved when that works again");
	tap_ok(has(retain(p, "later", 4), "delivered"), "then all is well");
}

static void
test_failures(bool first)
{
	struct broker *b = begin_anew();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	if (!first)
		(void)retain(p, "a", 1);
	disk.write_errno = ENOSPC;
	log_init("test", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	try_failure(b, p, "a", strerror(ENOSPC));
	disk.sync_errno = EIO;
	try_failure(b, p, "b", strerror(EIO));
	fake_end(b);
	b = begin();
	tap_int(retained(b, "a") * 10 + retained(b, "b"), 33, "nothing lost");
	fake_end(b);
}

/* More than may wait: the events themselves are written then. */
static void
test_full_for_long(void)
{
	struct broker *b = begin_anew();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct state *s = state_of(b);
	char topic[16];
	int i;

	(void)retain(p, "a", 1);
	disk.write_errno = ENOSPC;
	for (i = 0; !s->lost && i < 1000000; i++) {
		(void)snprintf(topic, sizeof(topic), "t%d", i % 1000);
		(void)retain(p, topic, i);
	}
	tap_ok(s->lost && s->more.len == 0, "what waits is bounded");
	disk.write_errno = 0;
	fake_pass(b, 120000);
	tap_ok(!s->lost && s->oldest == -1, "the log is whole again");
	fake_end(b);
	b = begin();
	tap_int((int64_t)b->topics.retained_events, 1001, "nothing is lost");
	tap_int(retained(b, topic), i - 1, "the last one is there");
	fake_end(b);
}

/* A log that is much larger than what is kept is replaced. */
static void
test_compaction(void)
{
	struct broker *b = begin_anew();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	uint64_t largest = 0;
	int i;

	for (i = 0; i < 60000; i++) {
		(void)retain(p, i % 2 ? "a" : "b", i);
		if (state_of(b)->log_size > largest)
			largest = state_of(b)->log_size;
	}
	tap_ok(b->stats.state_compactions > 1 && largest < 3 << 20,
	    "the log stays small");
	fake_end(b);
	b = begin();
	tap_int(retained(b, "a"), 59999, "the last event is there");
	fake_end(b);
}

/* Somebody removes the folder's files while the broker runs. */
static void
test_removed(void)
{
	struct broker *b = begin_anew();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	(void)retain(p, "a", 1);
	scratch_remove(LOG);
	(void)retain(p, "b", 2);
	fake_pass(b, 5000);
	fake_end(b);
	b = begin();
	tap_int(retained(b, "a") * 10 + retained(b, "b"), 12,
	    "a log that is removed is written anew");
	fake_end(b);
}

/* ---- files that are not ours, or damaged ---- */

static void
test_foreign(const char *what, struct slice bytes)
{
	struct fake_peer *p;
	struct broker *b;

	fake_end(begin_anew());
	scratch_write(LOG, bytes);
	b = begin();
	p = fake_open(b, WIRE_LINE);
	(void)retain(p, "a", 1);
	tap_ok(access(scratch_path(LOG ".bad"), F_OK) == 0, "%s is set aside",
	    what);
	fake_end(b);
	b = begin();
	tap_int(retained(b, "a"), 1, "%s: then it works", what);
	fake_end(b);
}

static void
test_special(bool pipe)
{
	struct stat st;
	struct broker *b;

	fake_end(begin_anew());
	if (pipe)
		(void)mkfifo(scratch_path(LOG), 0600);
	else
		scratch_mkdir(LOG);
	b = begin();
	tap_ok(stat(scratch_path(LOG ".bad"), &st) == 0 &&
	    !S_ISREG(st.st_mode), "a %s is set aside",
	    pipe ? "pipe" : "folder");
	(void)retain(fake_open(b, WIRE_LINE), "a", 1);
	fake_end(b);
	tap_ok(stat(scratch_path(LOG), &st) == 0 && S_ISREG(st.st_mode),
	    "and replaced by a file");
}

static void
test_damaged(void)
{
	struct broker *b = begin_anew();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct buf text;

	(void)retain(p, "a", 1);
	(void)retain(p, "b", 2);
	(void)retain(p, "c", 3);
	fake_end(b);
	text = read_log();
	text.data[text.len / 2] ^= 1;
	scratch_write(LOG, buf_slice(&text));
	b = begin();
	tap_int(retained(b, "a") * 10 + retained(b, "c"), 13,
	    "what can be read is restored");
	tap_ok(access(scratch_path(LOG ".bad"), F_OK) == 0,
	    "the damaged file is kept");
	(void)fake_turn(b);
	(void)fake_turn(b);
	fake_end(b);
	scratch_remove(LOG ".bad");
	b = begin();
	tap_ok(access(scratch_path(LOG ".bad"), F_OK) == -1,
	    "the next start finds no damage");
	tap_int(retained(b, "a") * 10 + retained(b, "c"), 13, "and the events");
	fake_end(b);
	buf_clear(&text);
}

int
main(void)
{
	test_restart();
	test_later();
	test_lock();
	test_cleared("wampd.retained.clear");
	test_cleared("wampd.forget");
	test_starts();
	test_slow_disk();
	test_failures(true);
	test_failures(false);
	test_full_for_long();
	test_compaction();
	test_removed();
	test_foreign("text", SLICE("hello\n"));
	test_foreign("an empty file", SLICE(""));
	test_foreign("a newer version", SLICE("wampd events 2\n\nwhatever"));
	test_special(true);
	test_special(false);
	test_damaged();
	return tap_done();
}
