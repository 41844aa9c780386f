/*
 * t_secret.c: files that hold a secret.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/secret.h"
#include "tap.h"

static char folder[] = "/tmp/t_secret.XXXXXX";

static const char *
in_folder(const char *name)
{
	static char path[64];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static const char *
file_of(struct slice content)
{
	const char *path = in_folder("secret");
	struct errbuf e;

	if (io_replace_file(path, content, 0600, &e) == -1)
		tap_ok(false, "the file is written: %s", e.msg);
	return path;
}

/* ---- what is read ---- */

static void
test_content(void)
{
	static const struct {
		const char *file, *want;
	} rows[] = {
		{ "key", "key" },
		{ "key\n", "key" },
		{ "key\n\n", "key\n" },
		{ "key\r\n", "key\r" },
		{ " a key ", " a key " },
	};
	struct secret s = { NULL, 0 };
	struct errbuf e;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tap_int(secret_read(&s, file_of(slice_str(rows[i].file)), 64,
		    &e), 0, "row %zu is read", i);
		tap_slice(secret_slice(&s), rows[i].want, "row %zu", i);
		tap_str(s.bytes, rows[i].want, "row %zu ends in a NUL", i);
	}
	tap_int(secret_read(&s, file_of(SLICE("a\0b")), 64, &e), 0,
	    "a secret may have any byte");
	tap_int((int64_t)s.len, 3, "also a NUL");
	secret_clear(&s);
	tap_ok(s.bytes == NULL && s.len == 0, "clear empties it");
	secret_clear(&s);
}

/* ---- what is refused ---- */

static void
refused(const char *path, const char *why)
{
	struct secret s = { NULL, 0 };
	struct errbuf e = { "" };

	(void)secret_copy(&s, SLICE("before"));
	tap_int(secret_read(&s, path, 16, &e), -1, "refused: %s", why);
	tap_str(e.msg, why, "the reason");
	tap_ok(s.bytes == NULL && s.len == 0, "and nothing is left");
}

static void
test_refusals(void)
{
	const char *pipe;

	refused(file_of(SLICE("")), "empty");
	refused(file_of(SLICE("\n")), "empty");
	refused(file_of(SLICE("0123456789abcdef+")),
	    "larger than 16 bytes");
	refused(in_folder("nothing"),
	    "cannot open: No such file or directory");
	refused(folder, "not a regular file");
	pipe = in_folder("pipe");
	(void)mkfifo(pipe, 0600);
	refused(pipe, "not a regular file");
	(void)unlink(pipe);
}

static void
test_copy(void)
{
	struct secret s = { NULL, 0 };

	tap_int(secret_copy(&s, SLICE("abc")), 0, "copied");
	tap_int(secret_copy(&s, slice_of(s.bytes + 1, 2)), 0,
	    "a part of itself");
	tap_str(s.bytes, "bc", "replaces it");
	tap_int(secret_copy(&s, SLICE("")), 0, "nothing is copied");
	tap_int((int64_t)s.len, 0, "and is no byte");
	secret_clear(&s);
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		return 1;
	test_content();
	test_refusals();
	test_copy();
	(void)unlink(in_folder("secret"));
	(void)rmdir(folder);
	return tap_done();
}
