/*
 * input.c: where the texts come from.
 */
#include "pub/input.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* ---- files ---- */

static bool
is_stdin(const struct input *in, size_t file)
{
	return in->files->n == 0 || strcmp(in->files->v[file], "-") == 0;
}

static const char *
input_name(const struct input *in)
{
	return is_stdin(in, in->file) ? "stdin" : in->files->v[in->file];
}

static int
open_file(struct input *in, struct errbuf *e)
{
	int fd = STDIN_FILENO;

	if (!is_stdin(in, in->file)) {
		/* A FIFO would have us wait here, deaf to signals and to the
		 * server, for someone who writes. */
		fd = open(input_name(in), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd == -1 || fcntl(fd, F_SETFL, 0) == -1) {
			err_set_errno(e, "%s", input_name(in));
			if (fd != -1)
				(void)close(fd);
			return -1;
		}
		in->opened = fd;
	}
	records_init(&in->in, fd, in->end, INPUT_RECORD_MAX);
	return 0;
}

static void
close_file(struct input *in)
{
	if (in->opened != -1)
		(void)close(in->opened);
	in->opened = -1;
	records_clear(&in->in);
}

int
input_open(struct input *in, struct errbuf *e)
{
	in->opened = -1;
	if (in->text != NULL)
		return 0;
	return open_file(in, e);
}

void
input_clear(struct input *in)
{
	if (in->files != NULL)		/* was opened */
		close_file(in);
}

int
input_fd(const struct input *in)
{
	return in->in.fd;
}

/* ---- records ---- */

const char *
input_unit(const struct input *in)
{
	if (in->text != NULL || in->end == RECORDS_WHOLE)
		return NULL;
	return in->end == RECORDS_LINES ? "line" : "record";
}

/* With several files lines are numbered file by file, as an editor shows
 * them. */
static void
locate(const struct input *in, uint64_t number, struct errbuf *e)
{
	const char *unit = input_unit(in);

	if (in->text != NULL)
		return;
	if (unit != NULL)
		err_wrap(e, "%s %" PRIu64, unit, number);
	if (unit == NULL || in->files->n > 1)
		err_wrap(e, "%s", input_name(in));
}

void
input_locate(const struct input *in, struct errbuf *e)
{
	locate(in, in->in.count, e);
}

/* Editors put a byte order mark at a text's start; it is no part of it. */
static void
drop_mark(struct slice *text)
{
	if (slice_starts(*text, SLICE("\xef\xbb\xbf"))) {
		text->p += 3;
		text->len -= 3;
	}
}

static enum input_next
next_text(struct input *in, struct slice *record)
{
	if (in->taken)
		return INPUT_END;
	in->taken = true;
	*record = slice_str(in->text);
	return INPUT_RECORD;
}

/* The next file; INPUT_MORE when there is one. */
static enum input_next
next_file(struct input *in, struct errbuf *e)
{
	if (in->file + 1 >= in->files->n)
		return INPUT_END;
	close_file(in);
	in->file++;
	return open_file(in, e) == 0 ? INPUT_MORE : INPUT_FAULT;
}

enum input_next
input_next(struct input *in, struct slice *record, struct errbuf *e)
{
	if (in->text != NULL)
		return next_text(in, record);
	for (;;)
		switch (records_next(&in->in, record)) {
		case RECORDS_GOT:
			if (++in->count < in->from)
				break;
			if (in->in.count == 1)
				drop_mark(record);
			return INPUT_RECORD;
		case RECORDS_MORE:
			return INPUT_MORE;
		case RECORDS_TOO_LONG:
			err_set(e, "longer than %u bytes", INPUT_RECORD_MAX);
			locate(in, in->in.count + 1, e);
			return INPUT_FAULT;
		case RECORDS_DONE:
		default:
			return next_file(in, e);
		}
}

int
input_read(struct input *in, struct errbuf *e)
{
	if (records_read(&in->in, e) == 0)
		return 0;
	err_wrap(e, "%s", input_name(in));
	return -1;
}
