/*
 * t_base.c: buffers, the hash map, numbers, files, the lock file, the
 * log's quoting, what a terminal may show.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/lock_file.h"
#include "base/log.h"
#include "base/map.h"
#include "base/num.h"
#include "base/path.h"
#include "base/printable.h"
#include "base/utf8.h"
#include "tap.h"

static void
test_buf(void)
{
	struct buf b = { 0 };
	int i;

	tap_str(buf_cstr(&b), "", "an empty buffer is an empty string");
	for (i = 0; i < 1000; i++)
		if (buf_addf(&b, "%d,", i % 10) == -1)
			abort();
	tap_int((int64_t)b.len, 2000, "it grows");
	buf_consume(&b, 1990);
	tap_str(buf_cstr(&b), "5,6,7,8,9,", "and shrinks from the front");
	tap_int(buf_add(&b, NULL, 0), 0, "nothing can be added");
	tap_int(buf_reserve(&b, SIZE_MAX), -1, "too much cannot");
	buf_clear(&b);
	tap_ok(b.data == NULL && b.cap == 0, "cleared");
}

/* ---- the map against a plain array ---- */

#define KEYS	2000

static struct slice
int_key(const void *value)
{
	return slice_of(value, sizeof(int));
}

static void
test_map(void)
{
	static int keys[KEYS];
	static bool in[KEYS];
	unsigned seed = 7;
	size_t n = 0, pos = 0, seen = 0;
	bool right = true;
	struct map m;
	int i, k;

	map_init(&m, int_key);
	tap_ok(map_find(&m, SLICE("none")) == NULL, "an empty map has none");
	for (i = 0; i < KEYS; i++)
		keys[i] = i;
	for (i = 0; i < 200000; i++) {
		seed = seed * 1103515245 + 12345;
		k = (int)(seed >> 8) % KEYS;
		if (in[k])
			right &= map_remove(&m, int_key(&keys[k])) ==
			    &keys[k];
		else
			right &= map_insert(&m, &keys[k]) == 0;
		in[k] = !in[k];
		n += in[k] ? 1 : (size_t)-1;
		k = (int)(seed >> 16) % KEYS;
		right &= (map_find(&m, int_key(&keys[k])) != NULL) == in[k];
	}
	tap_ok(right, "200000 changes agree with an array");
	tap_int((int64_t)m.count, (int64_t)n, "so does the count");
	tap_ok(m.cap <= 8192, "turnover alone does not make it grow");
	while (map_next(&m, &pos) != NULL)
		seen++;
	tap_int((int64_t)seen, (int64_t)n, "a walk sees each once");
	map_clear(&m);
}

/* ---- numbers ---- */

static int64_t
size_of(const char *s)
{
	struct errbuf e;
	uint64_t v;

	return num_size(&v, s, &e) == 0 ? (int64_t)v : -1;
}

static int64_t
duration_of(const char *s)
{
	struct errbuf e;
	int64_t v;

	return num_duration(&v, s, &e) == 0 ? v : -1;
}

static int64_t
int_of(const char *s)
{
	struct errbuf e;
	int64_t v;

	return num_int(&v, s, -5, 99, &e) == 0 ? v : -1000;
}

static void
test_num(void)
{
	static const struct {
		int64_t	  (*read)(const char *);
		const char *text;
		int64_t	    want;
	} rows[] = {
		{ size_of, "0", 0 }, { size_of, "4096", 4096 },
		{ size_of, "64k", 65536 }, { size_of, "1MiB", 1 << 20 },
		{ size_of, "1.5K", 1536 }, { size_of, "2MB", 2000000 },
		{ size_of, "", -1 }, { size_of, "k", -1 },
		{ size_of, "-1", -1 }, { size_of, "1 k", -1 },
		{ size_of, "0x10", -1 }, { size_of, "1e3", -1 },
		{ size_of, "inf", -1 }, { size_of, "1.2.3", -1 },
		{ size_of, "1.3", -1 }, { size_of, "1kk", -1 },
		{ size_of, "99999999999G", -1 },
		{ duration_of, "90", 90000 }, { duration_of, "1.5", 1500 },
		{ duration_of, "250ms", 250 }, { duration_of, "10m", 600000 },
		{ duration_of, "2h", 7200000 }, { duration_of, "0", 0 },
		{ duration_of, "1d", 86400000 }, { duration_of, "-1", -1 },
		{ duration_of, "s", -1 }, { duration_of, "nan", -1 },
		{ duration_of, "5 s", -1 }, { duration_of, "", -1 },
		{ int_of, "7", 7 }, { int_of, "-5", -5 },
		{ int_of, "99", 99 }, { int_of, "100", -1000 },
		{ int_of, "-6", -1000 }, { int_of, "7x", -1000 },
		{ int_of, "", -1000 }, { int_of, " 7", -1000 },
		{ int_of, "\n7", -1000 }, { int_of, "+7", 7 },
		{ int_of, "99999999999999999999", -1000 },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tap_int(rows[i].read(rows[i].text), rows[i].want,
		    "number \"%s\"", rows[i].text);
}

/* ---- files ---- */

static void
test_io_special(const char *path)
{
	struct errbuf e;
	char got[4] = "";
	int fd;

	if (mkfifo(path, 0600) == -1 ||
	    (fd = open(path, O_RDONLY | O_NONBLOCK)) == -1)
		abort();
	tap_int(io_replace_file(path, SLICE("one"), 0600, &e), 0,
	    "a pipe is written to");
	tap_int(read(fd, got, sizeof(got) - 1), 3, "and has it");
	tap_str(got, "one", "all of it");
	(void)close(fd);
	(void)unlink(path);
}

/* ---- a disk that fails, by a sync of our own ---- */

static int synced_files, synced_folders;
static int sync_fails;		/* 1: of files; 2: of folders */
static char sync_watched[64];	/* the file that a folder must have by then */

int
fsync(int fd)
{
	struct stat st;
	bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);

	synced_files += !folder;
	synced_folders += folder && access(sync_watched, F_OK) == 0;
	if (sync_fails != (folder ? 2 : 1))
		return 0;
	errno = ENOSPC;
	return -1;
}

static void
test_io_sync(const char *path)
{
	struct errbuf e = { "" };

	(void)snprintf(sync_watched, sizeof(sync_watched), "%s", path);
	synced_files = synced_folders = 0;
	tap_int(io_replace_file(path, SLICE("one"), 0600, &e), 0, "a file");
	tap_int(synced_files, 1, "is on its disk");
	tap_int(synced_folders, 1, "and its name too");
	sync_fails = 1;
	tap_int(io_replace_file(path, SLICE("two"), 0600, &e), -1,
	    "the disk is full");
	tap_ok(strstr(e.msg, "No space left") != NULL, "which is said");
	sync_fails = 2;
	tap_int(io_replace_file(path, SLICE("two"), 0600, &e), -1,
	    "the folder is not on the disk");
	tap_ok(strstr(e.msg, "its folder") != NULL, "which is said");
	sync_fails = 0;
	(void)unlink(path);
}

static void
test_io_pipe(const char *path)
{
	struct errbuf e;
	char got[4] = "";
	struct buf b = { 0 };
	int fd;

	if (mkfifo(path, 0600) == -1)
		abort();
	tap_int(io_read_regular(&b, path, 10, &e), -1,
	    "a pipe is not waited for, to be read");
	tap_int(io_offer_pipe(path, SLICE("one"), &e), 0, "nor for a reader");
	if ((fd = open(path, O_RDONLY | O_NONBLOCK)) == -1)
		abort();
	tap_int(io_offer_pipe(path, SLICE("one"), &e), 1, "who gets it");
	tap_int(read(fd, got, sizeof(got) - 1), 3, "all");
	(void)close(fd);
	(void)unlink(path);
	tap_int(io_offer_pipe(path, SLICE("one"), &e), -1, "no pipe");
	buf_clear(&b);
}

/* A link to nowhere is there for O_EXCL only: applications see no file. */
static void
test_lock_file_link(const char *path)
{
	struct errbuf e = { "" };

	if (symlink("nowhere", path) == -1)
		abort();
	tap_int(lock_file_set(path, true, &e), -1,
	    "a link to nowhere is no lock file");
	tap_ok(strncmp(e.msg, "cannot make ", 12) == 0, "and that is said");
	tap_int(lock_file_set(path, false, &e), 1, "it can be removed");
}

static void
test_io(void)
{
	char folder[] = "/tmp/t_base.XXXXXX", path[64];
	struct buf b = { 0 };
	struct errbuf e;

	if (mkdtemp(folder) == NULL)
		abort();
	(void)snprintf(path, sizeof(path), "%s/file", folder);
	tap_int(io_read_file(&b, path, 100, &e), -1, "no file");
	tap_str(e.msg, "cannot open: No such file or directory", "says so");
	tap_int(io_replace_file(path, SLICE("one"), 0600, &e), 0, "made");
	tap_int(io_replace_file(path, SLICE("twelve"), 0600, &e), 0,
	    "replaced");
	tap_int(io_read_file(&b, path, 6, &e), 0, "read");
	tap_slice(buf_slice(&b), "twelve", "whole");
	tap_int(io_read_file(&b, path, 5, &e), -1, "too large");
	(void)unlink(path);
	test_io_special(path);
	test_io_sync(path);
	test_io_pipe(path);
	test_lock_file_link(path);
	tap_int(rmdir(folder), 0, "nothing else is left in the folder");
	(void)snprintf(path, sizeof(path), "%s/file", folder);
	tap_int(io_replace_file(path, SLICE("x"), 0600, &e), -1,
	    "no folder, no file");
	buf_clear(&b);
}

static void
test_err(void)
{
	char path[4096];
	struct errbuf e;
	bool whole = true;
	size_t at;
	int i;

	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	err_set(&e, "no such file");
	err_wrap(&e, "%s", path);
	tap_int((int64_t)strlen(e.msg), sizeof(e.msg) - 1, "a full message");
	tap_str(e.msg + sizeof(e.msg) - 1 - strlen("x...: no such file"),
	    "x...: no such file", "of a long context the end is cut");
	err_set(&e, "%s", path);
	err_wrap(&e, "%s", path);
	tap_int((int64_t)strlen(e.msg), sizeof(e.msg) - 1, "two long ones");
	for (i = 0; i < 8; i++) {
		for (at = 0; at + 3 < sizeof(path); at += 3)
			memcpy(path + at, "\xe2\x82\xac", 4);
		err_set(&e, "%.*s%s", i, "12345678", path);
		whole &= utf8_valid(slice_str(e.msg));
		err_wrap(&e, "%.*s%s", i / 2, "1234", path);
		whole &= utf8_valid(slice_str(e.msg));
	}
	tap_ok(whole, "no character is cut in two");
	err_set(&e, "b");
	err_wrap(&e, "a");
	tap_str(e.msg, "a: b", "short ones stay as they are");
}

static void
test_quote(void)
{
	tap_str(log_quote(SLICE("oro/ping")).s, "oro/ping", "plain words");
	tap_str(log_quote(SLICE("")).s, "\"\"", "nothing");
	tap_str(log_quote(SLICE("a b=c")).s, "\"a b=c\"", "blanks");
	tap_str(log_quote(SLICE("a\nb\"\\\x7f")).s,
	    "\"a\\x0ab\\\"\\\\\\x7f\"", "a line's end forges no line");
	tap_ok(strlen(log_quote(slice_of((const char[1000]){ 0 },
	    1000)).s) < 160, "long values are cut");
}

/* Of all characters, exactly these are shown by their bytes. */
static bool
is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void
test_printable(void)
{
	struct buf b = { 0 };
	bool right = true, safe;
	char text[4];
	uint32_t c;
	size_t n;

	for (c = 0; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n = utf8_encode(text, c);
		right &= printable_step(slice_of(text, n), &safe) == n;
		right &= safe == !is_unsafe(c);
	}
	tap_ok(right, "every character is safe or not");
	tap_int(printable_add(&b, SLICE("\xc3\xa9\x1b[2J\xc2\x9b"
	    "2J\xe2\x80\xae\xe2\x80\xa8\xff\xe2\x82\n\x7f")), 0,
	    "what commands a terminal");
	tap_slice(buf_slice(&b), "\xc3\xa9\\x1b[2J\\xc2\\x9b"
	    "2J\\xe2\\x80\\xae\\xe2\\x80\\xa8\\xff\\xe2\\x82\\x0a\\x7f",
	    "is shown byte by byte");
	buf_clear(&b);
}

static void
test_path(void)
{
	struct buf b = { 0 };
	struct errbuf e;

	(void)setenv("WAMPD_CONTROL", "/some/where", 1);
	tap_int(path_control(&b, &e), 0, "the environment names the path");
	tap_str(b.data, "/some/where", "and that is it");
	buf_clear(&b);
	tap_int(path_control_find(&b, &e), 0, "a tool believes it");
	tap_str(b.data, "/some/where", "even when nothing is there");
	buf_clear(&b);
}

/* As the superuser has no socket but the system's, somebody else looks. */
static void
test_path_missed(void)
{
	static const char system_path[] = "/run/wampd/control.sock";
	char folder[] = "/tmp/t_base.XXXXXX", own[64];
	uid_t euid = geteuid();
	struct buf b = { 0 };
	struct errbuf e;

	(void)unsetenv("WAMPD_CONTROL");
	tap_ok(mkdtemp(folder) != NULL, "a runtime folder");
	(void)setenv("XDG_RUNTIME_DIR", folder, 1);
	(void)snprintf(own, sizeof(own), "%s/wampd/control.sock", folder);
	if (euid == 0)
		tap_int(seteuid(65534), 0, "as somebody");
	tap_int(path_control_find(&b, &e), 0, "without any broker");
	tap_str(b.data, system_path, "the system's is missed");
	buf_clear(&b);
	if (euid == 0)
		tap_int(seteuid(euid), 0, "as the superuser");
	*strrchr(own, '/') = '\0';
	tap_int(mkdir(own, 0755), 0, "a broker of ours was there");
	if (euid == 0)
		tap_int(seteuid(65534), 0, "as somebody");
	tap_int(path_control_find(&b, &e), 0, "and has gone");
	if (access(system_path, F_OK) == 0)
		tap_str(b.data, system_path, "the system's is there");
	else
		tap_ok(strncmp(b.data, own, strlen(own)) == 0, "it is missed");
	buf_clear(&b);
	if (euid == 0)
		tap_int(seteuid(euid), 0, "as the superuser");
	(void)rmdir(own);
	(void)rmdir(folder);
}

int
main(void)
{
	test_buf();
	test_map();
	test_num();
	test_io();
	test_err();
	test_quote();
	test_printable();
	test_path();
	test_path_missed();
	return tap_done();
}
