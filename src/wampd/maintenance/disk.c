/*
 * disk.c: the two files of the maintenance state.
 */
#include "wampd/maintenance/disk.h"

#include "base/clock.h"

void
maintenance_disk_init(struct maintenance_disk *d, const char *lock)
{
	d->lock.path = lock;
	kept_file_init(&d->file, "maintenance state");
	d->follow.what = "maintenance.lock_file";
}

void
maintenance_disk_clear(struct maintenance_disk *d)
{
	kept_file_clear(&d->file);
}

void
maintenance_disk_leave(struct maintenance_disk *d)
{
	kept_file_leave(&d->file);
	d->lock.path = NULL;
	d->follow = (struct chore){ .what = d->follow.what };
}

int
maintenance_disk_restore(struct maintenance_disk *d, const char *folder,
    struct maintenance_kept *out, struct buf *text, struct errbuf *e)
{
	if (kept_file_open(&d->file, folder, MAINTENANCE_STORE_FILE) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	switch (maintenance_store_read(out, d->file.path.data, text, e)) {
	case KEPT_TEXT:
		return 1;
	case KEPT_FOREIGN:
		kept_file_is_foreign(&d->file, e);
		return 0;
	case KEPT_ERROR:
		err_wrap(e, "%s", d->file.path.data);
		return -1;
	case KEPT_NOTHING:
	default:
		return 0;
	}
}

static void
put_state(struct maintenance_disk *d, const struct maintenance_kept *kept,
    int64_t now)
{
	struct errbuf e = { "out of memory" };
	struct buf text = { 0 };

	if (maintenance_store_text(&text, kept) == 0)
		kept_file_save(&d->file, buf_slice(&text), now);
	else
		kept_file_failed(&d->file, now, &e);
	buf_clear(&text);
}

void
maintenance_disk_put(struct maintenance_disk *d,
    const struct maintenance_kept *kept, bool on, int64_t now)
{
	struct errbuf e;
	int rc;

	kept_file_tidy(&d->file, now);
	if (kept_file_is_due(&d->file, now))
		put_state(d, kept, now);
	if (chore_is_due(&d->follow, now)) {
		rc = maintenance_lock_follow(&d->lock, on, &e);
		chore_tried(&d->follow, now, rc, &e);
	}
}

int64_t
maintenance_disk_wait(const struct maintenance_disk *d, int64_t now)
{
	return clock_sooner(kept_file_wait(&d->file, now),
	    chore_wait(&d->follow, now));
}

int
maintenance_disk_describe(const struct maintenance_disk *d, struct buf *out)
{
	const struct chore *const chores[] = { &d->file.tidy, &d->file.save,
	    &d->follow };

	return kept_file_describe(chores, sizeof(chores) / sizeof(chores[0]),
	    out);
}
