/*
 * write.c: one batch of records, which a thread writes.
 */
#include "wampd/state/write.h"

#include "wampd/state/record.h"

/* A file that is new begins with the magic line. */
static int
append(struct log_file *f, struct buf *records, struct errbuf *e)
{
	struct buf first = { 0 };
	int rc;

	record_seal(records);
	if (f->size > 0)
		return records->len == 0 ? 0 :
		    log_file_append(f, buf_slice(records), e);
	if (buf_add(&first, STATE_MAGIC, STATE_MAGIC_LEN) == -1 ||
	    buf_add_slice(&first, buf_slice(records)) == -1) {
		err_set(e, "out of memory");
		rc = -1;
	} else {
		rc = log_file_append(f, buf_slice(&first), e);
	}
	buf_clear(&first);
	return rc;
}

/* It is opened here because the process has another user at its start. */
static int
write_log(struct write_job *j)
{
	if (j->log.fd == -1 &&
	    log_file_continue(&j->log, j->log.size, &j->e) == -1)
		return -1;
	if (!log_file_is_there(&j->log)) {
		err_set(&j->e, "somebody has removed or changed it");
		j->gone = true;
		return -1;
	}
	return append(&j->log, &j->more, &j->e);
}

/* A copy that fails is begun anew later. */
static int
write_fresh(struct write_job *j)
{
	if ((j->fresh.fd == -1 && log_file_make(&j->fresh, &j->e) == -1) ||
	    append(&j->fresh, &j->copy, &j->e) == -1)
		return -1;
	return j->finish ? log_file_replace(&j->log, &j->fresh, &j->e) : 0;
}

void
write_job_run(struct write_job *j)
{
	j->rc = j->fresh_rc = 0;
	j->gone = false;
	if (j->more.len > 0)
		j->rc = write_log(j);
	if (j->rc == 0 && (j->copy.len > 0 || j->finish))
		j->fresh_rc = write_fresh(j);
	if ((j->rc == -1 || j->fresh_rc == -1) && j->fresh.fd != -1)
		log_file_abandon(&j->fresh);
	if (j->rc == -1 || j->fresh_rc == -1)
		err_wrap(&j->e, "%s", j->log.path);
}
