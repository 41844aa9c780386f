/*
 * autobahn.c: reads the cases of the Autobahn testsuite.
 */
#include "autobahn.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "client_frame.h"
#include "tap.h"
#include "vectors.h"

#define FILE_MAX (1u << 20)	/* bytes */
#define OPCODE	0x102u		/* a number follows */

static const char *const paths[] = {
	"tests/vectors/autobahn/frames.txt",
	"tests/vectors/autobahn/fragments.txt",
	"tests/vectors/autobahn/text.txt",
	"tests/vectors/autobahn/utf8.txt",
	"tests/vectors/autobahn/close.txt",
};

static const struct {
	const char *name;
	unsigned    first;
} types[] = {
	{ "text", TEXT }, { "text+", TEXT_PART }, { "binary", BINARY },
	{ "more", LAST }, { "more+", PART }, { "close", CLOSE },
	{ "ping", PING }, { "ping+", WS_PING }, { "pong", PONG },
	{ "pong+", WS_PONG }, { "opcode", OPCODE }, { "bytes", AUTOBAHN_BYTES },
	{ "look", AUTOBAHN_LOOK },
};

/* Cut off the next word; "" if there is none.  One in quotes may contain
 * blanks, and keeps the first quote. */
static char *
next_word(char **at)
{
	char *word = *at + strspn(*at, " ");
	char *end = *word == '"' ? word + 1 + strcspn(word + 1, "\"") :
	    word + strcspn(word, " ");

	*at = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}

static size_t
next_number(char **at)
{
	return strtoul(next_word(at), NULL, 10);
}

/* What stands behind the type. */
static bool
read_payload(struct autobahn_frame *f, char *at)
{
	struct slice payload = SLICE("");
	size_t times = 1;
	unsigned code;
	char *word;

	while (*(word = next_word(&at)) != '\0') {
		if (*word == '"') {
			payload.p = word;
			payload.len = (size_t)(vector_decode(word, word + 1) -
			    word);
		} else if (strcmp(word, "rsv") == 0) {
			f->first |= (unsigned)next_number(&at) << 4;
		} else if (strcmp(word, "x") == 0) {
			times = next_number(&at);
		} else if (strcmp(word, "of") == 0) {
			f->announced = next_number(&at);
		} else if (f->first == CLOSE) {
			code = (unsigned)strtoul(word, NULL, 10);
			buf_add_char(&f->payload, (char)(code >> 8));
			buf_add_char(&f->payload, (char)code);
		} else {
			return false;
		}
	}
	while (times-- > 0)
		buf_add_slice(&f->payload, payload);
	return true;
}

static bool
read_frame(struct autobahn_frame *f, char *at)
{
	const char *type = next_word(&at);
	size_t i;

	*f = (struct autobahn_frame){ 0 };
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, type) == 0)
			break;
	if (i == sizeof(types) / sizeof(types[0]))
		return false;
	f->first = types[i].first;
	if (f->first == OPCODE)
		f->first = FIN | (unsigned)next_number(&at);
	else if (f->first == AUTOBAHN_LOOK)
		f->announced = next_number(&at);
	return read_payload(f, at);
}

static bool
read_answer(struct autobahn_case *c, char *at)
{
	struct autobahn_frame f;
	bool ok;

	if (strncmp(at, " fail ", 6) == 0) {
		c->fault = (unsigned)strtoul(at + 6, NULL, 10);
		return true;
	}
	ok = read_frame(&f, at);
	server_frame_add(&c->want, f.first, buf_slice(&f.payload));
	c->ends[c->n_answers++] = c->want.len;
	buf_clear(&f.payload);
	return ok;
}

static bool
read_how(struct autobahn_case *c, char *at)
{
	const char *word = next_word(&at);

	if (strcmp(word, "frames") == 0)
		c->chop = AUTOBAHN_CHOP_FRAMES;
	else if (strcmp(word, "chop") == 0)
		c->chop = next_number(&at);
	else if (strcmp(word, "fragments") == 0)
		c->fragment = next_number(&at);
	else
		return *word == '\0';
	return true;
}

static bool
read_line(struct autobahn_case *c, char *line)
{
	struct autobahn_frame *f = &c->frames[c->n_frames];

	if (c->n_frames == AUTOBAHN_FRAMES || c->n_answers == AUTOBAHN_FRAMES)
		return false;
	if (*line == '<')
		return read_answer(c, line + 1);
	if (*line == '>') {
		c->n_frames++;
		c->closes |= strncmp(line, "> close", 7) == 0;
		return read_frame(f, line + 1);
	}
	(void)snprintf(c->id, sizeof(c->id), "%s", next_word(&line));
	return read_how(c, line);
}

static void
finish_case(struct autobahn_case *c, autobahn_fn fn, void *arg)
{
	if (c->n_frames > 0)
		fn(c, arg);
	while (c->n_frames > 0)
		buf_clear(&c->frames[--c->n_frames].payload);
	buf_clear(&c->want);
	*c = (struct autobahn_case){ 0 };
}

static void
read_file(const char *path, autobahn_fn fn, void *arg)
{
	struct autobahn_case c = { 0 };
	struct buf file = { 0 };
	struct errbuf e = { "out of memory" };
	char *at, *line;
	size_t n = 0;

	if (io_read_file(&file, path, FILE_MAX, &e) == -1 ||
	    buf_cstr(&file) == NULL) {
		tap_ok(false, "%s: %s", path, e.msg);
		return;
	}
	at = file.data;
	while ((line = strsep(&at, "\n")) != NULL) {
		n++;
		if (*line >= '0' && *line <= '9')
			finish_case(&c, fn, arg);
		if (*line != '\0' && *line != '#' && !read_line(&c, line))
			tap_ok(false, "%s:%zu: cannot be read", path, n);
	}
	finish_case(&c, fn, arg);
	buf_clear(&file);
}

void
autobahn_each(autobahn_fn fn, void *arg)
{
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		read_file(paths[i], fn, arg);
}
