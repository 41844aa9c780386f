/*
 * replay.c: the main of a fuzz target when it is built without libFuzzer.
 *
 * Runs every file of a corpus through LLVMFuzzerTestOneInput() and prints one
 * line of TAP a file, so that whatever fuzzing found stays found.  A file that
 * breaks the target ends the program: the plan then says what is missing.
 *
 * usage: fuzz_NAME [DIRECTORY]; tests/fuzz/corpus/NAME by default.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"

#define REPLAY_FILE_MAX	(64u << 20)	/* bytes; larger is no seed */

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What libFuzzer does too: an exact copy, so that the address sanitizer sees
 * a read one byte behind the end. */
static int
replay_file(const char *path, struct errbuf *e)
{
	struct buf b = { 0 };
	uint8_t *exact = NULL;
	int rc = -1;

	if (io_read_file(&b, path, REPLAY_FILE_MAX, e) == -1)
		goto out;
	if ((exact = malloc(b.len > 0 ? b.len : 1)) == NULL) {
		err_set_errno(e, "malloc");
		goto out;
	}
	if (b.len > 0)
		memcpy(exact, b.data, b.len);
	(void)LLVMFuzzerTestOneInput(exact, b.len);
	rc = 0;
out:
	free(exact);
	buf_clear(&b);
	return rc;
}

static int
replay_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
replay_directory(const char *dir)
{
	struct dirent **names;
	struct errbuf e;
	char path[4096];
	int failed = 0, i, n;

	if ((n = scandir(dir, &names, replay_visible, alphasort)) == -1) {
		printf("Bail out! %s: %s\n", dir, strerror(errno));
		return 1;
	}
	printf("1..%d\n", n);
	for (i = 0; i < n; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir,
		    names[i]->d_name);
		if (replay_file(path, &e) == -1) {
			printf("not ok %d - %s: %s\n", i + 1, path, e.msg);
			failed = 1;
		} else
			printf("ok %d - %s\n", i + 1, path);
		fflush(stdout);
		free(names[i]);
	}
	free(names);
	return failed || n == 0;
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	char dir[4096];

	if (argc > 1)
		return replay_directory(argv[1]);
	name = name != NULL ? name + 1 : argv[0];
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	(void)snprintf(dir, sizeof(dir), "tests/fuzz/corpus/%s", name);
	return replay_directory(dir);
}
