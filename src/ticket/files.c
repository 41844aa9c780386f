/*
 * files.c: the files that wamp-ticket reads.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"
#include "ticket/ticket.h"
#include "token/oro_ticket.h"

#define KEYS_MAX	(256u << 10)	/* bytes of a file */
#define SECRET_MAX	8192

/* ---- keys ---- */

/* JWK and JWK Sets begin with a brace; PEM has its own lines; otherwise they
 * are keys of PASETO. */
static bool
is_for_jwt(struct slice text)
{
	static const char pem[] = "-----BEGIN ";

	text = utf8_unmark(text);
	while (text.len > 0 && strchr(" \t\r\n", text.p[0]) != NULL) {
		text.p++;
		text.len--;
	}
	return text.len > 0 && (text.p[0] == '{' || memmem(text.p, text.len,
	    pem, sizeof(pem) - 1) != NULL);
}

static enum exit_status
read_keys(struct ticket *t, const char *path, struct errbuf *e)
{
	struct errbuf warning = { "" };
	struct secret text = { .bytes = NULL };
	bool jwt;
	int rc;

	if (secret_read(&text, path, KEYS_MAX, e) == -1) {
		err_wrap(e, "%s", path);
		return EXIT_WORK;
	}
	jwt = is_for_jwt(secret_slice(&text));
	secret_clear(&text);
	rc = jwt ? jwks_load(&t->jwks, path, &warning, e) :
	    paseto_keys_load(&t->paseto, path, &warning, e);
	if (warning.msg[0] != '\0')
		tool_say(&t->tool, "%s", warning.msg);
	return rc == 0 ? EXIT_DONE : EXIT_WORK;
}

static enum exit_status
read_secret(struct secret *out, const char *path, struct errbuf *e)
{
	if (path == NULL || secret_read(out, path, SECRET_MAX, e) == 0)
		return EXIT_DONE;
	err_wrap(e, "%s", path);
	return EXIT_WORK;
}

enum exit_status
ticket_read_keys(struct ticket *t, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	const char *secret = getenv("ORO_SECRET");
	size_t i;

	for (i = 0; i < t->key_files.n && status == EXIT_DONE; i++)
		status = read_keys(t, t->key_files.v[i], e);
	if (status == EXIT_DONE)
		status = read_secret(&t->oro, t->secret_file, e);
	if (status == EXIT_DONE)
		status = read_secret(&t->hash, t->hash_file, e);
	if (status == EXIT_DONE && t->key_files.n == 0 &&
	    t->secret_file == NULL && secret != NULL && secret[0] != '\0' &&
	    secret_copy(&t->oro, slice_str(secret)) == -1) {
		err_set(e, "out of memory");
		status = EXIT_WORK;
	}
	if (status == EXIT_DONE && t->oro.len > 0 &&
	    oro_secret_check(secret_slice(&t->oro), e) == -1) {
		err_wrap(e, "%s", t->secret_file != NULL ? t->secret_file :
		    "ORO_SECRET");
		status = EXIT_WORK;
	}
	return status;
}

/* ---- the ticket ---- */

static void
take_first_line(struct buf *text)
{
	struct slice line = utf8_unmark(buf_slice(text));
	const char *end = line.len > 0 ? memchr(line.p, '\n', line.len) :
	    NULL;

	if (end != NULL)
		line.len = (size_t)(end - line.p);
	while (line.len > 0 && strchr(" \t\r", line.p[line.len - 1]) != NULL)
		line.len--;
	memmove(text->data, line.p, line.len);
	text->len = line.len;
}

enum exit_status
ticket_read(struct ticket *t, const char *file, struct errbuf *e)
{
	bool is_stdin = file == NULL || strcmp(file, "-") == 0;
	int rc = is_stdin ?
	    io_read_fd(&t->text, STDIN_FILENO, TOKEN_MAX + 1, e) :
	    io_read_file(&t->text, file, TOKEN_MAX + 1, e);

	if (rc == 0 && t->text.len > 0)
		take_first_line(&t->text);
	if (rc == 0 && t->text.len == 0) {
		err_set(e, "there is no ticket in it");
		rc = -1;
	}
	if (rc == 0)
		return EXIT_DONE;
	err_wrap(e, "%s", is_stdin ? "stdin" : file);
	return EXIT_WORK;
}
