/*
 * kept_file.c: a file of state_dir, from which a restart restores something.
 */
#include "wampd/core/kept_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "proto/json.h"

#define MODE	0640

/* ---- at once ---- */

enum kept_found
kept_file_read(struct buf *text, const char *path, size_t max,
    struct errbuf *e)
{
	struct stat st;

	if (stat(path, &st) == -1) {
		if (errno == ENOENT)
			return KEPT_NOTHING;
		err_set_errno(e, "cannot read");
		return KEPT_ERROR;
	}
	if (!S_ISREG(st.st_mode)) {
		err_set(e, "it is not a regular file");
		return KEPT_FOREIGN;
	}
	if ((uint64_t)st.st_size > max) {
		err_set(e, "it is larger than %zu bytes", max);
		return KEPT_FOREIGN;
	}
	return io_read_regular(text, path, max, e) == -1 ? KEPT_ERROR :
	    KEPT_TEXT;
}

/* Rename, but overwrite nothing.  0, or -1 with errno: EEXIST if `to`
 * exists. */
static int
rename_to_new(const char *path, const char *to)
{
	struct stat st;

	if (renameat2(AT_FDCWD, path, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* Some network file systems do not support that flag. */
	if (lstat(to, &st) == -1 && errno == ENOENT)
		return rename(path, to);
	errno = EEXIST;
	return -1;
}

#define ASIDE_MAX	1000	/* files; with more, a human must look */

/* Give what is there the name PATH.bad, PATH.bad-2 and so on, by that function,
 * which fails if the name exists.  *to gets the name.  0, or -1 with errno. */
static int
name_aside(struct buf *to, const char *path,
    int (*name)(const char *from, const char *to))
{
	int i, rc = -1;

	errno = EEXIST;
	for (i = 1; rc == -1 && errno == EEXIST && i <= ASIDE_MAX; i++) {
		buf_reset(to);
		if ((i == 1 ? buf_addf(to, "%s.bad", path) :
		    buf_addf(to, "%s.bad-%d", path, i)) == -1 ||
		    buf_cstr(to) == NULL)
			errno = ENOMEM;
		else
			rc = name(path, to->data);
	}
	return rc;
}

int
kept_file_set_aside(const char *path, struct errbuf *e)
{
	struct buf to = { 0 };
	int rc = name_aside(&to, path, rename_to_new);

	if (rc == -1 && errno == ENOENT)
		rc = 0;		/* somebody has removed it */
	else if (rc == -1)
		err_set_errno(e, "cannot set it aside");
	else
		log_err("%s was set aside as %s", path, to.data);
	buf_clear(&to);
	return rc;
}

int
kept_file_preserve(const char *path, struct errbuf *e)
{
	struct buf to = { 0 };
	int rc = name_aside(&to, path, link);

	if (rc == 0)
		log_err("%s is also kept as %s", path, to.data);
	else
		rc = kept_file_set_aside(path, e);
	buf_clear(&to);
	return rc;
}

int
kept_file_write(const char *path, struct slice content, struct errbuf *e)
{
	/* Writing to a pipe might block for ever. */
	if (io_is_special(path) && kept_file_set_aside(path, e) == -1)
		return -1;
	return io_replace_file(path, content, MODE, e);
}

/* ---- and again until it succeeds ---- */

void
kept_file_init(struct kept_file *k, const char *what)
{
	*k = (struct kept_file){ .what = what, .tidy.what = what,
	    .save.what = what };
}

void
kept_file_leave(struct kept_file *k)
{
	const char *what = k->what;

	kept_file_clear(k);
	kept_file_init(k, what);
}

void
kept_file_clear(struct kept_file *k)
{
	buf_clear(&k->path);
}

int
kept_file_open(struct kept_file *k, const char *folder, const char *name)
{
	if (buf_addf(&k->path, "%s/%s", folder, name) == -1 ||
	    buf_cstr(&k->path) == NULL)
		return -1;
	chore_set(&k->tidy);
	return 0;
}

void
kept_file_is_foreign(struct kept_file *k, const struct errbuf *e)
{
	log_warn("%s: %s; its %s is not used", k->path.data, e->msg, k->what);
	k->foreign = true;
}

void
kept_file_mark(struct kept_file *k)
{
	chore_set(&k->save);
}

/* Remove temporary files of an earlier run, and set a foreign file aside. */
static int
tidy(struct kept_file *k, struct errbuf *e)
{
	io_sweep(k->path.data);
	if (k->foreign && kept_file_set_aside(k->path.data, e) == -1)
		return -1;
	k->foreign = false;
	return 0;
}

static void
tried(const struct kept_file *k, struct chore *c, int64_t now, int rc,
    struct errbuf *e)
{
	if (rc == -1)
		err_wrap(e, "%s", k->path.data);
	chore_tried(c, now, rc, e);
}

void
kept_file_tidy(struct kept_file *k, int64_t now)
{
	struct errbuf e;

	if (chore_is_due(&k->tidy, now))
		tried(k, &k->tidy, now, tidy(k, &e), &e);
}

/* Nothing is written while a foreign file is in the way. */
static bool
may_save(const struct kept_file *k)
{
	return k->path.len > 0 && !k->foreign;
}

bool
kept_file_is_due(const struct kept_file *k, int64_t now)
{
	return may_save(k) && chore_is_due(&k->save, now);
}

void
kept_file_save(struct kept_file *k, struct slice content, int64_t now)
{
	struct errbuf e;

	tried(k, &k->save, now, kept_file_write(k->path.data, content, &e),
	    &e);
}

void
kept_file_failed(struct kept_file *k, int64_t now, struct errbuf *e)
{
	tried(k, &k->save, now, -1, e);
}

int64_t
kept_file_wait(const struct kept_file *k, int64_t now)
{
	int64_t wait = chore_wait(&k->tidy, now);

	return may_save(k) ? clock_sooner(wait, chore_wait(&k->save, now)) :
	    wait;
}

int
kept_file_describe(const struct chore *const *chores, size_t n,
    struct buf *out)
{
	const char *comma = ",\"unsaved\":[";
	size_t i;

	for (i = 0; i < n; i++) {
		if (!chores[i]->failed)
			continue;
		if (buf_add_str(out, comma) == -1 ||
		    json_quote(out, slice_str(chores[i]->why.msg)) == -1)
			return -1;
		comma = ",";
	}
	return comma[1] == '\0' ? buf_add_char(out, ']') : 0;
}
