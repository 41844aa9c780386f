/*
 * paseto_keys.c: the keys of files, and checking tokens with them.
 */
#include "token/paseto_keys.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/utf8.h"
#include "proto/json.h"
#include "token/paseto.h"

#define FILE_MAX	65536	/* bytes */

/* ---- reading ---- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Take the next word off the line.  Empty: there is none. */
static struct slice
take_word(struct slice *line)
{
	const char *end = line->p + line->len, *p = line->p, *start;

	while (p < end && is_blank(*p))
		p++;
	start = p;
	while (p < end && !is_blank(*p))
		p++;
	*line = slice_of(p, (size_t)(end - p));
	return slice_of(start, (size_t)(p - start));
}

static struct slice
without_comment(struct slice line)
{
	const char *hash = line.len > 0 ? memchr(line.p, '#', line.len) :
	    NULL;

	return hash == NULL ? line :
	    slice_of(line.p, (size_t)(hash - line.p));
}

/* Room for another key, which is zeroed.  NULL with *e filled. */
static struct paseto_key *
add_key(struct paseto_keys *keys, struct errbuf *e)
{
	struct paseto_key *v;

	if (keys->n == TOKEN_KEYS_MAX) {
		err_set(e, "more than %d keys", TOKEN_KEYS_MAX);
		return NULL;
	}
	/* All at once: keys that move leave a copy behind. */
	if (keys->v == NULL &&
	    (keys->v = calloc(TOKEN_KEYS_MAX, sizeof(*v))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	v = &keys->v[keys->n];
	*v = (struct paseto_key){ .kid = NULL };
	return v;
}

static int
read_key(struct paseto_keys *keys, struct slice line, struct errbuf *e)
{
	struct slice text = take_word(&line), kid = take_word(&line);
	struct paseto_key *k;

	if (text.len == 0)
		return 0;
	if (take_word(&line).len > 0) {
		err_set(e, "more than a key and its id");
		return -1;
	}
	if ((k = add_key(keys, e)) == NULL ||
	    paserk_read(&k->key, text, e) == -1)
		return -1;
	if (paserk_id(k->id, &k->key) == -1 || (kid.len > 0 &&
	    (k->kid = strndup(kid.p, kid.len)) == NULL)) {
		err_set(e, "out of memory");
		return -1;
	}
	keys->n++;
	return 0;
}

int
paseto_keys_add(struct paseto_keys *keys, struct slice text,
    struct errbuf *e)
{
	struct slice rest = utf8_unmark(text), line;
	const char *end;
	size_t number;

	for (number = 1; rest.len > 0; number++) {
		end = memchr(rest.p, '\n', rest.len);
		line = slice_of(rest.p, end != NULL ? (size_t)(end - rest.p) :
		    rest.len);
		rest.p += line.len;
		rest.len -= line.len;
		if (end != NULL) {
			rest.p++;
			rest.len--;
		}
		if (read_key(keys, without_comment(line), e) == -1) {
			err_wrap(e, "%zu", number);
			return -1;
		}
	}
	return 0;
}

static bool
has_secret(const struct paseto_keys *keys, size_t from)
{
	for (; from < keys->n; from++)
		if (paserk_is_secret(&keys->v[from].key))
			return true;
	return false;
}

int
paseto_keys_load(struct paseto_keys *keys, const char *path,
    struct errbuf *warning, struct errbuf *e)
{
	struct secret text = { .bytes = NULL };
	size_t before = keys->n;
	struct errbuf why;
	int rc = secret_read(&text, path, FILE_MAX, e);

	if (rc == -1) {
		err_wrap(e, "%s", path);
	} else if ((rc = paseto_keys_add(keys, secret_slice(&text),
	    &why)) == -1) {
		/* It begins with the number of the line. */
		err_set(e, "%.300s:%.200s", path, why.msg);
	} else if (keys->n == before) {
		err_set(e, "%s: there is no key in it", path);
		rc = -1;
	}
	if (rc == 0 && warning != NULL && has_secret(keys, before))
		secret_warn_open(path, warning);
	secret_clear(&text);
	return rc;
}

const struct paseto_key *
paseto_keys_maker(const struct paseto_keys *keys)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		if (paserk_is_secret(&keys->v[i].key))
			return &keys->v[i];
	return NULL;
}

void
paseto_keys_clear(struct paseto_keys *keys)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		free(keys->v[i].kid);
	if (keys->v != NULL)
		sodium_memzero(keys->v, TOKEN_KEYS_MAX * sizeof(*keys->v));
	free(keys->v);
	*keys = (struct paseto_keys){ .v = NULL };
}

/* ---- checking ---- */

/* Whether a token of that kind, which names that key, may be of this one. */
static bool
may_be(const struct paseto_key *k, bool local, struct slice kid)
{
	if ((k->key.type == PASERK_LOCAL) != local)
		return false;
	return kid.len == 0 || slice_eq(kid, slice_str(k->id)) ||
	    (k->kid != NULL && slice_eq(kid, slice_str(k->kid)));
}

static enum token_verdict
open_with(const struct paseto_key *k, const struct paseto *p,
    struct buf *message)
{
	struct paserk public;

	if (k->key.type != PASERK_SECRET)
		return paseto_open(message, p, &k->key, slice_of("", 0));
	paserk_public(&public, &k->key);
	return paseto_open(message, p, &public, slice_of("", 0));
}

enum token_verdict
paseto_keys_open(const struct paseto_keys *keys, struct slice token,
    struct buf *message, const struct paseto_key **used)
{
	struct paseto p = { .local = false };
	enum token_verdict v;
	struct buf kid = { 0 };
	size_t i;

	if ((v = paseto_split(&p, token)) != TOKEN_OK ||
	    (v = paseto_kid(&kid, &p)) != TOKEN_OK)
		goto out;
	v = TOKEN_UNKNOWN_KEY;
	for (i = 0; i < keys->n; i++) {
		if (!may_be(&keys->v[i], p.local, buf_slice(&kid)))
			continue;
		v = open_with(&keys->v[i], &p, message);
		if (v != TOKEN_BAD_SIGNATURE) {
			if (used != NULL)
				*used = &keys->v[i];
			break;
		}
	}
out:
	buf_clear(&kid);
	paseto_clear(&p);
	return v;
}

enum token_verdict
paseto_verify(struct claims *out, const struct paseto_keys *keys,
    struct slice token, const struct token_rules *rules)
{
	struct buf message = { 0 };
	enum token_verdict v;

	*out = (struct claims){ .exp = CLAIMS_NEVER };
	v = paseto_keys_open(keys, token, &message, NULL);
	if (v == TOKEN_OK)
		v = claims_read(out, buf_slice(&message), CLAIMS_TEXT_TIMES);
	if (v == TOKEN_OK)
		v = claims_check(out, rules);
	buf_clear(&message);
	return v;
}

int
paseto_issue(struct buf *out, const struct paseto_key *key,
    const struct claims *claims)
{
	struct buf message = { 0 }, footer = { 0 };
	int rc = -1;

	if (claims_write(&message, claims, CLAIMS_TEXT_TIMES) == 0 &&
	    buf_add_str(&footer, "{\"kid\":") == 0 &&
	    json_quote(&footer, slice_str(key->kid != NULL ? key->kid :
	    key->id)) == 0 && buf_add_char(&footer, '}') == 0)
		rc = paseto_make(out, &key->key, buf_slice(&message),
		    buf_slice(&footer), slice_of("", 0));
	buf_clear(&message);
	buf_clear(&footer);
	return rc;
}
