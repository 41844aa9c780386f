/*
 * pem.c: files of certificates and keys.
 */
#include "client/pem.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/io.h"

#define PEM_MAX	(1u << 20)	/* bytes */

static const char *const kinds[] = {
	[PEM_CERTIFICATE] = "CERTIFICATE",
	[PEM_KEY] = "PRIVATE KEY",
};

static bool
has_text(const struct buf *b, const char *text)
{
	return b->len > 0 &&
	    memmem(b->data, b->len, text, strlen(text)) != NULL;
}

int
pem_check(const char *path, enum pem_kind kind, struct errbuf *e)
{
	struct buf text = { 0 }, mark = { 0 };
	int rc = -1;

	if (io_read_file(&text, path, PEM_MAX, e) == -1)
		goto out;
	if (buf_addf(&mark, "%s-----", kinds[kind]) == -1 ||
	    buf_cstr(&mark) == NULL)
		err_set(e, "out of memory");
	else if (!has_text(&text, mark.data))
		err_set(e, "no %s in PEM", kinds[kind]);
	else if (has_text(&text, "ENCRYPTED"))
		err_set(e, "it has a passphrase, which is not supported");
	else
		rc = 0;
out:
	buf_clear(&text);
	buf_clear(&mark);
	return rc;
}
