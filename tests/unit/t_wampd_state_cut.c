/*
 * t_wampd_state_cut.c: kept events survive a power failure at any moment.
 *
 * A disk remembers what was written and what it was told to keep.  When the
 * power fails, any sectors of the rest may be on it, in any order, and a file
 * may have its size, but not its content.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"
#include "scratch.h"
#include "tap.h"
#include "wampd/core/event.h"
#include "wampd/core/topic.h"
#include "wampd/state/state.h"
#include "wampd/state/state_parts.h"

#define LOG	"state/" STATE_FILE
#define RUNS	150	/* of each kind */
#define EVENTS	120	/* in a run */
#define TOPICS	4
#define LARGE	20000	/* bytes of an event, so that the log is replaced */
#define SECTOR	512
#define FILES	8
#define FDS	1024

/* ---- the disk ---- */

static struct {
	struct buf now[FILES];	/* what was written to each file, */
	struct buf safe[FILES];	/* and until the last sync */
	int    files;
	int    of_fd[FDS];	/* the file that it is */
	int    log, safe_log;	/* the file that is the log; -1: none */
	int    folder;		/* descriptor */
	int    left;		/* calls until the power fails */
	bool   failed;
	struct buf image;	/* of the log then */
	bool   has_image;
} disk;

static struct {
	int64_t sent[TOPICS];	/* the last event that was published, */
	int64_t safe[TOPICS];	/* that must not be lost, */
	int64_t want[TOPICS];	/* and when the power failed */
} events;

static unsigned long long seed;

static unsigned
roll(unsigned n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(seed >> 33) % n;
}

/* Make *out of what is safe, and some sectors of the rest. */
static void
tear(struct buf *out, const struct buf *safe, const struct buf *now)
{
	size_t at = safe->len / SECTOR * SECTOR, n, len = now->len;
	unsigned kind = roll(3);	/* nothing more, any sectors, or all but
					 * the end */

	if (kind == 0)
		len = safe->len;
	else if (roll(2) == 0 && now->len > safe->len)
		len = safe->len + roll((unsigned)(now->len - safe->len));
	(void)buf_add(out, safe->data, safe->len);
	(void)buf_fill(out, '\0', len - safe->len);
	for (; at < len; at += SECTOR) {
		n = len - at < SECTOR ? len - at : SECTOR;
		if (kind == 2 || roll(2) == 0)
			memcpy(out->data + at, now->data + at, n);
	}
}

static void
pass(void)
{
	int log;

	if (disk.failed || disk.left-- > 0)
		return;
	disk.failed = true;
	memcpy(events.want, events.safe, sizeof(events.want));
	log = roll(2) == 0 ? disk.log : disk.safe_log;
	disk.has_image = log != -1;
	if (disk.has_image)
		tear(&disk.image, &disk.safe[log], &disk.now[log]);
}

static ssize_t
disk_write(int fd, const void *p, size_t n, off_t at)
{
	struct buf *now;

	pass();
	if (fd >= FDS || disk.files == FILES)
		abort();
	if (at == 0)
		disk.of_fd[fd] = disk.files++;
	now = &disk.now[disk.of_fd[fd]];
	if (roll(4) == 0 && n > 1)
		n = 1 + roll((unsigned)n);
	if (now->len != (size_t)at || buf_add(now, p, n) == -1)
		abort();
	return pwrite(fd, p, n, at);
}

static int
disk_sync(int fd)
{
	struct buf *now, *safe;

	pass();
	if (fd == disk.folder) {
		disk.safe_log = disk.log;
		return 0;
	}
	now = &disk.now[disk.of_fd[fd]];
	safe = &disk.safe[disk.of_fd[fd]];
	return buf_add(safe, now->data + safe->len, now->len - safe->len);
}

static int
disk_rename(const char *from, const char *to)
{
	pass();
	disk.log = disk.files - 1;
	return rename(from, to);
}

static const struct log_calls disk_calls = { disk_write, disk_sync,
    disk_rename };

static void
disk_clear(void)
{
	int i;

	for (i = 0; i < FILES; i++) {
		buf_clear(&disk.now[i]);
		buf_clear(&disk.safe[i]);
	}
	buf_clear(&disk.image);
	memset(&disk, 0, sizeof(disk));
	disk.log = disk.safe_log = -1;
}

/* ---- brokers ---- */

static struct broker *
begin(int64_t sync)
{
	struct broker_settings set = fake_settings();
	struct errbuf e = { "" };
	struct state *s;
	struct broker *b;

	set.state_dir = scratch_path("state");
	set.state_sync = sync;
	b = fake_broker(&set);
	b->loop = NULL;		/* writing is done at once */
	if (state_open(b, &e) == -1)
		abort();
	s = b->keep.ctx;
	s->job.log.calls = s->job.fresh.calls = &disk_calls;
	disk.folder = s->folder_fd;
	return b;
}

/* A number with so many zeros behind it. */
static void
retain(struct fake_peer *p, unsigned topic, int64_t n)
{
	static char zeros[LARGE + 1];

	memset(zeros, '0', LARGE);
	(void)fake_say(p, "[2,\"i\",\"wampd.publish\",\"t%u\",%ld.%s,"
	    "{\"retain\":true}]", topic, (long)n, zeros);
	events.sent[topic] = n;
}

static int64_t
retained(struct broker *b, unsigned topic)
{
	const struct topic *t;
	char name[16];

	(void)snprintf(name, sizeof(name), "t%u", topic);
	t = topic_find(&b->topics, slice_str(name));
	return t == NULL || t->retained == NULL ? 0 :
	    strtol(t->retained->data, NULL, 10);
}

/* Publish until the power fails, or to the end. */
static void
publish(int64_t sync)
{
	struct broker *b = begin(sync);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	unsigned topic;
	int i;

	for (i = 1; i <= EVENTS && !disk.failed; i++) {
		topic = roll(TOPICS);
		retain(p, topic, i);
		if (sync < 0) {
			(void)fake_turn(b);
			if (has(fake_hear(p), "delivered"))
				events.safe[topic] = i;
		} else {
			fake_pass(b, sync);
			memcpy(events.safe, events.sent,
			    sizeof(events.safe));
		}
	}
	disk.left = 0;
	pass();
	fake_end(b);
}

/* Whether all is there after a failure. */
static bool
survives(int64_t sync)
{
	struct broker *b;
	unsigned topic;
	int64_t got;
	bool ok = true;

	memset(&events, 0, sizeof(events));
	disk_clear();
	disk.left = (int)roll(3 * EVENTS);
	scratch_remove("state");
	scratch_mkdir("state");
	publish(sync);
	scratch_remove("state");
	scratch_mkdir("state");
	if (disk.has_image)
		scratch_write(LOG, buf_slice(&disk.image));
	b = begin(sync);
	for (topic = 0; topic < TOPICS; topic++) {
		got = retained(b, topic);
		if (got < events.want[topic] || got > events.sent[topic])
			ok = false;
	}
	fake_end(b);
	return ok;
}

static void
test_cuts(int64_t sync, const char *what)
{
	unsigned long long first;
	int i;

	for (i = 0; i < RUNS; i++) {
		first = seed = (unsigned long long)i;
		if (!survives(sync)) {
			tap_ok(false, "%s: seed %llu", what, first);
			break;
		}
	}
	tap_int(i, RUNS, "power failures: %s", what);
}

int
main(void)
{
	disk_clear();
	test_cuts(-1, "always");
	test_cuts(1000, "later");
	disk_clear();
	return tap_done();
}
