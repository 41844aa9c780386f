/*
 * restore.c: reading the log of kept events when the broker starts.
 *
 * The last write of an earlier broker may be incomplete; that is normal after
 * a crash.  Any other damage is not: then the file stays as it is under a name
 * of its own, and the events that can be read go into a new one.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/keep_restore.h"
#include "wampd/core/kept_file.h"
#include "wampd/state/live.h"
#include "wampd/state/record.h"
#include "wampd/state/state_parts.h"

#define READ_ONCE	(1u << 20)	/* bytes */
#define SIZE_SPARE	(UINT64_C(4) << 30)	/* bytes */

/* ---- the file ---- */

/* No log of ours is larger, even if it could not be replaced for long. */
static size_t
size_max(const struct state *s)
{
	uint64_t max = 4 * ((uint64_t)s->broker->set.limit_retained +
	    s->broker->set.limit_history) + SIZE_SPARE;

	return max < SIZE_MAX / 2 ? (size_t)max : SIZE_MAX / 2;
}

/* Append all that can be read.  Returns false if there is more; *e says why. */
static bool
read_all(struct buf *out, int fd, size_t max, struct errbuf *e)
{
	ssize_t n;

	for (;;) {
		if (out->len >= max) {
			err_set(e, "it is larger than %zu bytes", max);
			return false;
		}
		if (buf_reserve(out, READ_ONCE) == -1) {
			err_set(e, "out of memory");
			return false;
		}
		n = read(fd, out->data + out->len, READ_ONCE);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			err_set_errno(e, "cannot read");
		if (n <= 0)
			return n == 0;
		out->len += (size_t)n;
	}
}

enum opened { OPENED, OPENED_NONE, OPENED_FOREIGN };

/* Open a log of ours, and skip its magic line. */
static enum opened
open_log(const char *path, int *fd, struct errbuf *e)
{
	char magic[STATE_MAGIC_LEN];
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*fd == -1 && errno == ENOENT)
		return OPENED_NONE;
	if (*fd == -1) {
		err_set_errno(e, "cannot read");
		return OPENED_FOREIGN;
	}
	if (fstat(*fd, &st) == -1 || !S_ISREG(st.st_mode))
		err_set(e, "it is not a regular file");
	else if (read(*fd, magic, sizeof(magic)) == sizeof(magic) &&
	    memcmp(magic, STATE_MAGIC, sizeof(magic)) == 0)
		return OPENED;
	else
		err_set(e, "it is not a log of kept events that this version "
		    "can read");
	(void)close(*fd);
	return OPENED_FOREIGN;
}

/* ---- the events ---- */

struct restored {
	struct broker *broker;
	size_t	       events;	/* that are kept again, */
	uint64_t       bytes;	/* and what they take in a log */
	size_t	       late;	/* whose time is up */
	size_t	       left;	/* that are not kept for another reason, */
	struct errbuf  why;	/* the first of these */
};

static void
restore_one(void *ctx, const struct record *r)
{
	const struct keep_record k = { .topic = r->topic, .event = r->event,
	    .number = r->number, .at = r->at, .until = r->until,
	    .as = r->as };
	struct restored *all = ctx;
	struct errbuf e;

	if (keep_restore(all->broker, &k, &e) != 0) {
		all->events++;
		all->bytes += record_size(r);
	} else if (strcmp(e.msg, KEEP_TIME_UP) == 0) {
		all->late++;
	} else if (all->left++ == 0) {
		err_set(&all->why, "topic=%s: %s", log_quote(r->topic).s,
		    e.msg);
	}
}

/* Whether the event is JSON, and so on, is checked by keep_restore(). */
static void
restore_all(struct state *s, const struct live *live)
{
	struct restored all = { .broker = s->broker };

	if (s->broker->topics.last_event < live->number)
		s->broker->topics.last_event = live->number;
	live_walk(live, restore_one, &all);
	s->least = STATE_MAGIC_LEN + all.bytes;
	log_info("%s: restored %zu events from %zu records; the time of %zu "
	    "is up", s->path.data, all.events, live->records, all.late);
	if (all.left > 0)
		log_warn("%s: %zu events are not kept any more, such as %s",
		    s->path.data, all.left, all.why.msg);
}

/* What the next log must replace. */
static void
report(struct state *s, const struct record_faults *faults, bool whole,
    const struct errbuf *e)
{
	struct errbuf why;

	if (whole && faults->damaged == 0) {
		if (faults->torn > 0)
			log_info("%s: the last write was not completed; its "
			    "%" PRIu64 " bytes are dropped", s->path.data,
			    faults->torn);
		return;
	}
	if (whole)
		log_err("%s: %" PRIu64 " bytes are damaged; what can be read "
		    "is restored", s->path.data, faults->damaged);
	else
		log_err("%s: %s; what can be read is restored", s->path.data,
		    e->msg);
	if (kept_file_preserve(s->path.data, &why) == -1)
		log_err("%s: %s", s->path.data, why.msg);
	s->lost = true;
	s->oldest = s->broker->now;
}

static void
restore_text(struct state *s, struct slice text, bool whole,
    const struct errbuf *e)
{
	struct record_reader in;
	struct live live;
	struct record r;
	bool full = false;

	live_init(&live);
	record_begin(&in, text);
	while (!full && record_next(&in, &r))
		full = live_take(&live, &r) == -1;
	s->log_size = STATE_MAGIC_LEN + text.len - in.faults.torn;
	s->job.log.size = s->log_size;
	report(s, &in.faults, whole && !full, full ?
	    &(const struct errbuf){ "out of memory" } : e);
	restore_all(s, &live);
	live_clear(&live);
}

void
state_restore(struct state *s)
{
	struct buf text = { 0 };
	struct errbuf e = { "" };
	bool whole;
	int fd;

	(void)unlink(s->fresh.data);
	s->lost = true;		/* unless there is a log to go on with */
	switch (open_log(s->path.data, &fd, &e)) {
	case OPENED:
		break;
	case OPENED_FOREIGN:
		log_err("%s: %s; its events are not used", s->path.data,
		    e.msg);
		if (kept_file_set_aside(s->path.data, &e) == -1)
			log_err("%s: %s", s->path.data, e.msg);
		return;
	case OPENED_NONE:
	default:
		return;
	}
	s->lost = false;
	whole = read_all(&text, fd, size_max(s), &e);
	(void)close(fd);
	restore_text(s, buf_slice(&text), whole, &e);
	buf_clear(&text);
}
