/*
 * vectors.c: reads files of codec tests.
 */
#include "vectors.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "tap.h"

#define VECTORS_FILE_MAX	(1u << 20)	/* bytes */

static unsigned
hex(const char *p)
{
	char digits[] = { p[0], p[1], '\0' };

	return (unsigned)strtoul(digits, NULL, 16);
}

/* How many bytes a line stands for. */
static size_t
decoded_length(const char *line)
{
	size_t n = 0;

	for (; *line != '\0'; n++)
		line += strncmp(line, "\\x", 2) == 0 ? 4 : 1;
	return n;
}

char *
vector_decode(char *out, const char *line)
{
	while (*line != '\0') {
		if (strncmp(line, "\\x", 2) == 0) {
			*out++ = (char)hex(line + 2);
			line += 4;
		} else {
			*out++ = *line++;
		}
	}
	return out;
}

/* The input has memory of its own, no byte too much, so that the address
 * sanitizer sees a read behind its end. */
static void
run(struct vector *v, const char *line, vector_fn fn)
{
	size_t n = decoded_length(line);
	char *bytes;

	if (n == 0 || (bytes = malloc(n)) == NULL) {
		tap_ok(false, "line %zu: no input", v->line);
		return;
	}
	(void)vector_decode(bytes, line);
	v->input = slice_of(bytes, n);
	fn(v);
	free(bytes);
}

void
vectors_run(const char *path, vector_fn fn)
{
	struct vector v = { 0 };
	struct buf file = { 0 };
	char *triple[3];
	size_t n = 0, line = 0;
	struct errbuf e = { "out of memory" };
	char *at, *text;

	if (io_read_file(&file, path, VECTORS_FILE_MAX, &e) == -1 ||
	    buf_cstr(&file) == NULL) {
		tap_ok(false, "%s: %s", path, e.msg);
		goto out;
	}
	at = file.data;
	while ((text = strsep(&at, "\n")) != NULL) {
		line++;
		if (n == 0 && (*text == '\0' || *text == '#'))
			continue;
		if (n == 0)
			v.line = line;
		triple[n++] = text;
		if (n < 3)
			continue;
		v.how = triple[1];
		*vector_decode(triple[2], triple[2]) = '\0';
		v.want = triple[2];
		run(&v, triple[0], fn);
		n = 0;
	}
	tap_ok(n == 0 && line > 1, "%s: whole triples", path);
out:
	buf_clear(&file);
}
