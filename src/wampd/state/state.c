/*
 * state.c: kept events survive a restart.
 */
#include "wampd/state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/log.h"
#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/kept_file.h"
#include "wampd/state/follow.h"
#include "wampd/state/state_parts.h"

static int
state_info(void *ctx, struct buf *out)
{
	const struct state *s = ctx;
	int64_t age = s->oldest == -1 ? 0 : s->broker->now - s->oldest;
	const struct chore *const failed[] = { &s->save, &s->renew };

	if (!s->open)
		return 0;
	if (buf_add_str(out, ",\"state\":{\"file\":") == -1 ||
	    json_quote(out, slice_str(s->path.data)) == -1 ||
	    buf_addf(out, ",\"bytes\":%" PRIu64 ",\"unsaved_ms\":%" PRId64,
	    s->log_size, age) == -1 ||
	    kept_file_describe(failed, 2, out) == -1)
		return -1;
	return buf_add_char(out, '}');
}

static bool
state_unsaved(void *ctx)
{
	const struct state *s = ctx;

	return s->open && s->save.failed;
}

static void
close_all(struct state *s)
{
	s->open = false;
	log_file_close(&s->job.log);
	if (s->folder_fd != -1)
		(void)close(s->folder_fd);
	s->folder_fd = -1;
}

static void
state_free(void *ctx)
{
	struct state *s = ctx;

	close_all(s);
	buf_clear(&s->folder);
	buf_clear(&s->path);
	buf_clear(&s->fresh);
	buf_clear(&s->more);
	buf_clear(&s->copy);
	buf_clear(&s->job.more);
	buf_clear(&s->job.copy);
	free(s);
}

static const struct tap_ops state_tap = {
	.name = "state",
	.tick = follow_tick,
	.info = state_info,
	.unsaved = state_unsaved,
	.free = state_free,
};

static int
set_paths(struct state *s, const char *folder)
{
	return buf_add_str(&s->folder, folder) == -1 ||
	    buf_addf(&s->path, "%s/" STATE_FILE, folder) == -1 ||
	    buf_addf(&s->fresh, "%s/" STATE_FILE ".new", folder) == -1 ||
	    buf_cstr(&s->folder) == NULL || buf_cstr(&s->path) == NULL ||
	    buf_cstr(&s->fresh) == NULL ? -1 : 0;
}

int
state_add(struct broker *b, struct errbuf *e)
{
	struct state *s;

	if (b->set.state_dir == NULL)
		return 0;
	err_set(e, "out of memory");
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return -1;
	s->broker = b;
	s->folder_fd = s->job.log.fd = s->job.fresh.fd = -1;
	s->oldest = -1;
	s->save.what = "kept events";
	s->renew.what = "a new log of kept events";
	if (set_paths(s, b->set.state_dir) == -1 ||
	    (s->tap = tap_add(&b->taps, &state_tap, s)) == NULL) {
		state_free(s);
		return -1;
	}
	keep_set(b, &follow_keeper, s);
	return 0;
}

/* That of b, or NULL. */
static struct state *
state_of(const struct broker *b)
{
	return b->keep.ops == &follow_keeper ? b->keep.ctx : NULL;
}

/* A folder can be locked itself.  Some network file systems cannot do that. */
static int
lock_folder(struct state *s, struct errbuf *e)
{
	s->folder_fd = open(s->folder.data,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->folder_fd == -1) {
		err_set_errno(e, "state_dir: %s", s->folder.data);
		return -1;
	}
	if (flock(s->folder_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK) {
		err_set(e, "state_dir: %s: another wampd uses it",
		    s->folder.data);
		close_all(s);
		return -1;
	}
	log_warn_errno("state_dir: %s cannot be locked", s->folder.data);
	return 0;
}

int
state_open(struct broker *b, struct errbuf *e)
{
	struct state *s = state_of(b);

	if (s == NULL)
		return 0;
	if (lock_folder(s, e) == -1)
		return -1;
	log_file_init(&s->job.log, s->path.data, s->folder_fd);
	log_file_init(&s->job.fresh, s->fresh.data, s->folder_fd);
	state_restore(s);
	s->open = true;
	b->saved.wait = b->set.state_sync < 0;
	return 0;
}

int
state_release(struct broker *b, struct errbuf *e)
{
	struct state *s = state_of(b);
	int rc = 0;

	if (s == NULL || !s->open)
		return 0;
	if (!follow_write_now(s)) {
		*e = s->job.e;
		rc = -1;
	}
	close_all(s);
	return rc;
}

int
state_resume(struct broker *b, struct errbuf *e)
{
	struct state *s = state_of(b);

	if (s == NULL || s->open)
		return 0;
	if (lock_folder(s, e) == -1)
		return -1;
	s->job.log.folder = s->job.fresh.folder = s->folder_fd;
	s->open = true;
	state_renew(b);
	return 0;
}

void
state_renew(struct broker *b)
{
	struct state *s = state_of(b);

	if (s != NULL && s->open)
		follow_renew(s);
}
