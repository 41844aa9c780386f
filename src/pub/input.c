/*
 * input.c: where the texts come from.
 */
#include "pub/input.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "client/hint.h"

/* ---- files ---- */

static bool
is_stdin(const struct input *in, size_t file)
{
	return in->files->n == 0 || strcmp(in->files->v[file], "-") == 0;
}

static const char *
name_of(const struct input *in, size_t file)
{
	return is_stdin(in, file) ? "stdin" : in->files->v[file];
}

static const char *
input_name(const struct input *in)
{
	return name_of(in, in->file);
}

/* A records_cut_fn. */
static enum records_next
cut_value(void *arg, struct slice rest, bool eof, struct slice *out,
    size_t *used)
{
	switch (json_cut(arg, rest, eof, out, used)) {
	case JSON_CUT_VALUE:
		return RECORDS_GOT;
	case JSON_CUT_MORE:
		return RECORDS_MORE;
	case JSON_CUT_END:
	default:
		return RECORDS_DONE;
	}
}

static int
open_file(struct input *in, struct errbuf *e)
{
	int fd = STDIN_FILENO;

	if (!is_stdin(in, in->file)) {
		/* Otherwise open() would wait for a FIFO's writer, and we could
		 * not react to signals and to the server. */
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
	in->cut = (struct json_cut){ 0 };
	in->in.cut = cut_value;
	in->in.cut_arg = &in->cut;
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
	static const char *const units[] = { [RECORDS_LINES] = "line",
	    [RECORDS_NUL] = "record", [RECORDS_CUT] = "value" };

	if (in->text != NULL || in->end == RECORDS_WHOLE)
		return NULL;
	return units[in->end];
}

/* Lines are numbered in each file, as an editor shows them. */
void
input_locate(const struct input *in, const struct input_place *at,
    struct errbuf *e)
{
	const char *unit = input_unit(in);

	if (in->text != NULL)
		return;
	if (at->line > 0)
		err_wrap(e, "value %" PRIu64 " (line %" PRIu64 ")",
		    at->number, at->line);
	else if (unit != NULL)
		err_wrap(e, "%s %" PRIu64, unit, at->number);
	if (unit == NULL || in->files->n > 1)
		err_wrap(e, "%s", name_of(in, at->file));
}

struct input_place
input_place(const struct input *in)
{
	return (struct input_place){ in->file, in->in.count, in->count,
	    in->end == RECORDS_CUT ? in->cut.at.line + 1 : 0 };
}

void
input_blame(const struct input *in, struct slice record,
    const struct json_error *fault, struct errbuf *e)
{
	const struct input_place here = input_place(in);
	struct json_place at;
	const char *hint;

	if (in->text != NULL || in->end != RECORDS_CUT) {
		err_set(e, "invalid JSON: %s at byte %zu (%s)", fault->what,
		    fault->offset + 1, hint_for(in->text != NULL ? HINT_TEXT :
		    in->replay ? HINT_REPLAY : in->end == RECORDS_LINES ?
		    HINT_LINES : HINT_NUL, record, fault));
		input_locate(in, &here, e);
		return;
	}
	at = json_cut_place(&in->cut, record, fault->offset);
	/* The text after the value helps to guess the encoding. */
	hint = in->in.count > 1 ? NULL : hint_encoding(slice_of(record.p,
	    (size_t)(in->in.in.data + in->in.in.len - record.p)));
	if (hint == NULL)
		hint = hint_for(HINT_VALUES, record, fault);
	err_set(e, "invalid JSON: %s at line %" PRIu64 ", column %" PRIu64
	    " (value %" PRIu64 "; %s)", fault->what, at.line + 1,
	    at.column + 1, in->in.count, hint);
	err_wrap(e, "%s", input_name(in));
}

/* ---- around records ---- */

static bool
is_blank(struct slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (strchr(" \t\r\n", text.p[i]) == NULL ||
		    text.p[i] == '\0')
			return false;
	return true;
}

/* Overwrite the RS before and after a text with blanks, so that reported
 * places remain correct. */
static void
blank_separators(struct input *in, struct slice text)
{
	char *first = in->in.in.data + (text.p - in->in.in.data);
	char *last = first + text.len;

	for (; first < last && (*first == '\x1e' || is_blank(slice_of(first,
	    1))); first++)
		*first = ' ';
	for (; last > first && (last[-1] == '\x1e' || is_blank(slice_of(
	    last - 1, 1))); last--)
		last[-1] = ' ';
}

/* Remove what other tools have added.  Whether a record is left. */
static bool
trim(struct input *in, struct slice *text)
{
	if (in->in.count == 1 && in->end != RECORDS_CUT)
		*text = utf8_unmark(*text);
	if (in->string) {
		if (in->end == RECORDS_LINES && text->len > 0 &&
		    text->p[text->len - 1] == '\r')
			text->len--;
		return true;
	}
	if (in->end == RECORDS_CUT || in->end == RECORDS_WHOLE ||
	    (text->len > 0 && text->p[0] > ' ' &&
	    text->p[text->len - 1] > ' '))
		return true;
	blank_separators(in, *text);
	return !is_blank(*text);
}

/* A file of JSON values without any is an error: the program that should have
 * written it has probably failed. */
static bool
is_void(const struct input *in)
{
	return in->end == RECORDS_CUT && in->in.count == 0;
}

/* ---- the next one ---- */

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
	struct input_place at;

	if (in->text != NULL)
		return next_text(in, record);
	for (;;)
		switch (records_next(&in->in, record)) {
		case RECORDS_GOT:
			/* After broken JSON, values are not counted. */
			if ((++in->count < in->from && !in->cut.broken) ||
			    !trim(in, record))
				break;
			return INPUT_RECORD;
		case RECORDS_MORE:
			return INPUT_MORE;
		case RECORDS_TOO_LONG:
			err_set(e, "longer than %u bytes", INPUT_RECORD_MAX);
			at = input_place(in);
			at.number++;
			at.line = 0;
			input_locate(in, &at, e);
			return INPUT_FAULT;
		case RECORDS_DONE:
		default:
			if (!is_void(in))
				return next_file(in, e);
			err_set(e, "%s: invalid JSON: no value (-l allows "
			    "that)", input_name(in));
			return INPUT_FAULT;
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
