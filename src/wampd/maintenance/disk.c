/*
 * disk.c: the two files of the maintenance state.
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
		/* It is set aside when the loop runs; wampd -t must not
		 * change it. */
		log_warn("%s: %s; its maintenance state is not used",
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
	maintenance_chore_set(&d->tidy);
	return rc;
}

/* Remove temporary files of an earlier run, and set a foreign file aside. */
static int
tidy(struct maintenance_disk *d, struct errbuf *e)
{
	io_sweep(d->path.data);
	if (d->foreign && maintenance_store_set_aside(d->path.data, e) == -1)
		return -1;
	d->foreign = false;
	return 0;
}

/* Nothing is written while a foreign file is in the way. */
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
	maintenance_chore_tried(&d->save, now, rc, &e);
}

void
maintenance_disk_put(struct maintenance_disk *d,
    const struct maintenance_kept *kept, bool on, int64_t now)
{
	struct errbuf e;
	int rc;

	if (maintenance_chore_is_due(&d->tidy, now)) {
		if ((rc = tidy(d, &e)) == -1)
			err_wrap(&e, "%s", d->path.data);
		maintenance_chore_tried(&d->tidy, now, rc, &e);
	}
	if (may_save(d) && maintenance_chore_is_due(&d->save, now))
		put_state(d, kept, now);
	if (maintenance_chore_is_due(&d->follow, now)) {
		rc = maintenance_lock_follow(&d->lock, on, &e);
		maintenance_chore_tried(&d->follow, now, rc, &e);
	}
}

int64_t
maintenance_disk_wait(const struct maintenance_disk *d, int64_t now)
{
	int64_t wait = clock_sooner(maintenance_chore_wait(&d->tidy, now),
	    maintenance_chore_wait(&d->follow, now));

	if (may_save(d))
		wait = clock_sooner(wait,
		    maintenance_chore_wait(&d->save, now));
	return wait;
}

int
maintenance_disk_describe(const struct maintenance_disk *d, struct buf *out)
{
	const struct maintenance_chore *const chores[] = { &d->tidy, &d->save,
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
