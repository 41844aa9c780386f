/*
 * disk.c: what is on the disk of the maintenance state.
 */
#include "wampd/maintenance/disk.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "proto/json.h"

void
maintenance_disk_init(struct maintenance_disk *d, const char *lock)
{
	d->lock.path = lock;
	d->tidy.what = d->save.what = "maintenance state";
	d->follow.what = "maintenance.lock_file";
}

void
maintenance_disk_clear(struct maintenance_disk *d)
{
	buf_clear(&d->path);
}

int
maintenance_disk_restore(struct maintenance_disk *d, const char *folder,
    struct maintenance_kept *out, struct buf *text, struct errbuf *e)
{
	int rc = 0;

	if (maintenance_store_path(&d->path, folder) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	switch (maintenance_store_read(out, d->path.data, text, e)) {
	case STORE_STATE:
		rc = 1;
		break;
	case STORE_FOREIGN:
		/* It is set aside once the loop runs, not by a check. */
		log_warn("%s: %s: maintenance begins without it",
		    d->path.data, e->msg);
		d->foreign = true;
		break;
	case STORE_ERROR:
		rc = -1;
		break;
	case STORE_NOTHING:
	default:
		break;
	}
	if (rc == -1)
		err_wrap(e, "%s", d->path.data);
	chore_set(&d->tidy);
	return rc;
}

/* What an earlier run left half done, and what somebody else put there. */
static int
tidy(struct maintenance_disk *d, struct errbuf *e)
{
	io_sweep(d->path.data);
	if (d->foreign && maintenance_store_set_aside(d->path.data, e) == -1)
		return -1;
	d->foreign = false;
	return 0;
}

/* As long as something foreign is in the way, nothing is written there. */
static bool
may_save(const struct maintenance_disk *d)
{
	return d->path.len > 0 && !d->foreign;
}

static void
put_state(struct maintenance_disk *d, const struct maintenance_kept *kept,
    int64_t now)
{
	struct errbuf e;
	int rc = maintenance_store_write(kept, d->path.data, &e);

	if (rc == -1)
		err_wrap(&e, "%s", d->path.data);
	chore_tried(&d->save, now, rc, &e);
}

void
maintenance_disk_put(struct maintenance_disk *d,
    const struct maintenance_kept *kept, bool on, int64_t now)
{
	struct errbuf e;
	int rc;

	if (chore_ready(&d->tidy, now)) {
		if ((rc = tidy(d, &e)) == -1)
			err_wrap(&e, "%s", d->path.data);
		chore_tried(&d->tidy, now, rc, &e);
	}
	if (may_save(d) && chore_ready(&d->save, now))
		put_state(d, kept, now);
	if (chore_ready(&d->follow, now)) {
		rc = lock_watch_follow(&d->lock, on, &e);
		chore_tried(&d->follow, now, rc, &e);
	}
}

int64_t
maintenance_disk_wait(const struct maintenance_disk *d, int64_t now)
{
	int64_t wait = clock_sooner(chore_wait(&d->tidy, now),
	    chore_wait(&d->follow, now));

	if (may_save(d))
		wait = clock_sooner(wait, chore_wait(&d->save, now));
	return wait;
}

int
maintenance_disk_describe(const struct maintenance_disk *d, struct buf *out)
{
	const struct chore *const chores[] = { &d->tidy, &d->save,
	    &d->follow };
	const char *comma = ",\"unsaved\":[";
	size_t i;

	for (i = 0; i < sizeof(chores) / sizeof(chores[0]); i++) {
		if (!chores[i]->failed)
			continue;
		if (buf_add_str(out, comma) == -1 ||
		    json_quote(out, slice_str(chores[i]->why.msg)) == -1)
			return -1;
		comma = ",";
	}
	return comma[1] == '\0' ? buf_add_char(out, ']') : 0;
}
