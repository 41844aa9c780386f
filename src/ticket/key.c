/*
 * key.c: making keys, and telling which public key belongs to a secret one.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "ticket/ticket.h"
#include "token/paserk.h"

/* Append a line: the public key, or the id of a secret that has none. */
static int
describe(struct buf *out, const struct paserk *k, const char *kid)
{
	struct paserk public = *k;
	char id[PASERK_ID_SIZE];
	int rc = 0;

	if (paserk_id(id, k) == -1)
		return -1;
	if (k->type == PASERK_LOCAL)
		return buf_addf(out, "# %s\n", id);
	if (k->type == PASERK_SECRET)
		paserk_public(&public, k);
	rc = paserk_write(out, &public);
	if (rc == 0 && kid != NULL)
		rc = buf_addf(out, " %s", kid);
	return rc == 0 ? buf_addf(out, " # %s\n", id) : -1;
}

/* Write a new file that nobody else can read.  It is no temporary file that is
 * renamed: a key that is there must never be replaced. */
static enum exit_status
write_secret(const char *path, struct slice text, struct errbuf *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd == -1) {
		err_set_errno(e, "%s", path);
		if (errno == EEXIST)
			err_set(e, "%s: there is such a file already; a key "
			    "is not replaced", path);
		return EXIT_WORK;
	}
	if (io_write_all(fd, text.p, text.len) == 0 && fsync(fd) == 0 &&
	    close(fd) == 0)
		return EXIT_DONE;
	err_set_errno(e, "%s", path);
	(void)close(fd);
	(void)unlink(path);
	return EXIT_WORK;
}

static enum exit_status
make_key(struct ticket *t, struct errbuf *e)
{
	enum exit_status status = EXIT_WORK;
	struct buf text = { 0 };
	struct paserk k;

	paserk_make(&k, t->purpose == KEY_LOCAL ? PASERK_LOCAL :
	    PASERK_SECRET);
	err_set(e, "out of memory");
	if (paserk_write(&text, &k) == 0 && (t->key_id == NULL ||
	    buf_addf(&text, " %s", t->key_id) == 0) &&
	    buf_add_char(&text, '\n') == 0 &&
	    describe(&t->out, &k, t->key_id) == 0)
		status = write_secret(t->output, buf_slice(&text), e);
	if (text.data != NULL)
		sodium_memzero(text.data, text.cap);
	buf_clear(&text);
	paserk_clear(&k);
	if (status != EXIT_DONE)
		return status;
	e->msg[0] = '\0';
	return tool_print(&t->out, e);
}

/* Print the public keys of files. */
static enum exit_status
print_keys(struct ticket *t, struct errbuf *e)
{
	enum exit_status status = ticket_read_keys(t, e);
	size_t i;

	if (status != EXIT_DONE)
		return status;
	if (t->paseto.n == 0) {
		err_set(e, "--key-file: there is no key of PASETO in it");
		return EXIT_WORK;
	}
	for (i = 0; i < t->paseto.n; i++)
		if (describe(&t->out, &t->paseto.v[i].key,
		    t->paseto.v[i].kid) == -1) {
			err_set(e, "out of memory");
			return EXIT_WORK;
		}
	return tool_print(&t->out, e);
}

enum exit_status
ticket_key(struct ticket *t, struct errbuf *e)
{
	if ((t->output != NULL) == (t->key_files.n > 0)) {
		err_set(e, "key needs --output for a new key, or --key-file to "
		    "print public keys");
		return EXIT_USAGE;
	}
	if (t->key_id != NULL && (t->output == NULL ||
	    strpbrk(t->key_id, " \t\r\n#") != NULL)) {
		err_set(e, t->output == NULL ? "--key-id needs --output" :
		    "--key-id: it must be one word without #");
		return EXIT_USAGE;
	}
	return t->output != NULL ? make_key(t, e) : print_keys(t, e);
}
