/*
 * certificate.c: clients' certificates as a proof of who they are.
 */
#include "wampd/auth/certificate.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "route/diag.h"
#include "route/source.h"
#include "wampd/auth/users.h"
#include "wampd/core/principal.h"

#define SETS	(WHO_ANYONE | WHO_AUTHENTICATED | WHO_CERTIFICATE)

struct entry {
	char	    *subject;		/* owned; NULL: any, as below */
	char	    *san;		/* owned; the text behind the kind */
	enum certificate_kind kind;	/* of san */
	bool	     has_fingerprint;
	unsigned char fingerprint[CERTIFICATE_FINGERPRINT];
	const struct principal *principal; /* a reference */
};

struct certificates {
	struct entry *v;		/* owned array */
	size_t	      n;
};

/* ---- matching ---- */

/* DNS has no case; the rest of a certificate has. */
static bool
has_san(const struct certificate *c, enum certificate_kind kind,
    struct slice want)
{
	const struct certificate_san *s;

	for (s = c->sans; s < c->sans + c->n_sans; s++) {
		if (s->kind != kind || s->value.len != want.len)
			continue;
		if (kind == CERTIFICATE_DNS ? strncasecmp(s->value.p, want.p,
		    want.len) == 0 : slice_eq(s->value, want))
			return true;
	}
	return false;
}

static bool
entry_matches(const struct entry *e, const struct certificate *c)
{
	if (e->subject != NULL &&
	    !slice_eq(slice_str(e->subject), c->subject))
		return false;
	if (e->san != NULL && !has_san(c, e->kind, slice_str(e->san)))
		return false;
	return !e->has_fingerprint || memcmp(e->fingerprint, c->fingerprint,
	    sizeof(e->fingerprint)) == 0;
}

const struct principal *
certificates_find(const struct certificates *all, const struct certificate *c)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (entry_matches(&all->v[i], c))
			return all->v[i].principal;
	return NULL;
}

bool
certificates_know(const struct certificates *all, const struct principal *p,
    const struct principal **now)
{
	size_t i;

	*now = NULL;
	for (i = 0; i < all->n; i++) {
		if (strcmp(all->v[i].principal->name, p->name) != 0)
			continue;
		if (principal_same(all->v[i].principal, p))
			break;
		if (*now == NULL)
			*now = all->v[i].principal;
	}
	if (i < all->n)
		*now = NULL;
	return i < all->n || *now != NULL;
}

enum identified
certificates_begin(void *arg, const struct visitor *v,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	const struct principal *p = NULL;

	(void)ask;
	(void)why;
	if (v->certificate != NULL)
		p = certificates_find(arg, v->certificate);
	if (p == NULL)
		return IDENTITY_ABSENT;
	*out = principal_ref(p);
	return IDENTITY_KNOWN;
}

/* ---- the file ---- */

enum field { SUBJECT, SAN, FINGERPRINT, NAME, ID, ROLES, FIELDS };

static const char *const field_names[] = { "subject", "san", "fingerprint",
    "name", "user_id", "roles", NULL };

/* An entry that is being read. */
struct reading {
	struct source src;
	struct entry *e;
};

static void
fault(const struct reading *r, const struct yaml_node *at, const char *rule,
    const char *text)
{
	source_report(&r->src, DIAG_ERROR, at, rule, "%s", text);
}

/* A copy, which is owned by the entry; NULL after an error. */
static char *
keep(const struct reading *r, const struct yaml_node *n, const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		source_out_of_memory(&r->src, n);
	return copy;
}

static void
read_subject(const struct reading *r, const struct yaml_node *n)
{
	if (source_text(&r->src, n, "subject") == NULL)
		return;
	if (n->text.len == 0)
		fault(r, n, "bad-value", "subject: write it as \"openssl x509 "
		    "-subject -nameopt RFC2253\" does: CN=shop,O=Example");
	else
		r->e->subject = keep(r, n, n->text.p);
}

static void
read_san(const struct reading *r, const struct yaml_node *n)
{
	static const struct {
		struct slice prefix;
		enum certificate_kind kind;
	} kinds[] = {
		{ { "DNS:", 4 }, CERTIFICATE_DNS },
		{ { "email:", 6 }, CERTIFICATE_EMAIL },
		{ { "URI:", 4 }, CERTIFICATE_URI },
	};
	size_t i;

	if (source_text(&r->src, n, "san") == NULL)
		return;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_starts(n->text, kinds[i].prefix) &&
		    n->text.len > kinds[i].prefix.len) {
			r->e->kind = kinds[i].kind;
			r->e->san = keep(r, n, n->text.p +
			    kinds[i].prefix.len);
			return;
		}
	fault(r, n, "bad-value", "san: write DNS:NAME, email:ADDRESS or "
	    "URI:URI");
}

/* 32 bytes in hex, with a colon between two bytes or none. */
static void
read_fingerprint(const struct reading *r, const struct yaml_node *n)
{
	const char *p = source_text(&r->src, n, "fingerprint");
	size_t i, step;
	int high, low;

	if (p == NULL)
		return;
	step = n->text.len == 3 * CERTIFICATE_FINGERPRINT - 1 ? 3 : 2;
	r->e->has_fingerprint = n->text.len == step *
	    CERTIFICATE_FINGERPRINT - (step - 2);
	for (i = 0; r->e->has_fingerprint && i < CERTIFICATE_FINGERPRINT;
	    i++, p += step) {
		high = num_hex_digit(p[0]);
		low = num_hex_digit(p[1]);
		if (high == -1 || low == -1 ||
		    (step == 3 && i > 0 && p[-1] != ':'))
			r->e->has_fingerprint = false;
		else
			r->e->fingerprint[i] = (unsigned char)(high * 16 +
			    low);
	}
	if (!r->e->has_fingerprint)
		fault(r, n, "bad-value", "fingerprint: write the 32 bytes of "
		    "SHA-256 in hex, as \"openssl x509 -fingerprint -sha256\" "
		    "does");
}

/* Fill roles, which has room for USER_ROLES_MAX and a NULL. */
static void
read_roles(const struct reading *r, const struct yaml_node *n,
    const char **roles)
{
	size_t i;

	if (n == NULL)
		return;
	if (n->kind != YAML_LIST || n->n > USER_ROLES_MAX) {
		fault(r, n, "wrong-type", "roles needs a list of at most 256 "
		    "names");
		return;
	}
	for (i = 0; i < n->n; i++)
		if (n->items[i]->kind == YAML_SCALAR &&
		    user_role_valid(n->items[i]->text))
			roles[i] = n->items[i]->text.p;
		else
			fault(r, n->items[i], "bad-value", "this is not the "
			    "name of a role");
}

static void
read_owner(const struct reading *r, const struct yaml_node *entry,
    const struct yaml_node *const *f)
{
	const char *roles[USER_ROLES_MAX + 1] = { NULL };
	size_t before = r->src.diags->errors;
	int64_t id = 0;
	struct errbuf e;

	read_roles(r, f[ROLES], roles);
	if (f[ID] != NULL && source_text(&r->src, f[ID], "user_id") != NULL &&
	    num_int(&id, f[ID]->text.p, 1, INT64_MAX, &e) == -1)
		source_report(&r->src, DIAG_ERROR, f[ID], "bad-value",
		    "user_id: %s", e.msg);
	if (f[NAME] == NULL)
		fault(r, entry, "missing-key", "an entry needs a name: whose "
		    "certificate it is");
	else if (source_text(&r->src, f[NAME], "name") != NULL &&
	    !user_name_valid(f[NAME]->text))
		fault(r, f[NAME], "bad-value", "this cannot be the name of a "
		    "user");
	if (r->src.diags->errors > before || f[NAME] == NULL)
		return;
	r->e->principal = principal_new(SETS, f[NAME]->text.p, id, roles);
	if (r->e->principal == NULL)
		source_out_of_memory(&r->src, entry);
}

static void
read_entry(const struct reading *r, const struct yaml_node *n)
{
	const struct yaml_node *f[FIELDS] = { NULL };

	if (n->kind != YAML_MAPPING) {
		fault(r, n, "not-a-mapping", "an entry is a mapping: write "
		    "{ san: \"DNS:shop.example.com\", name: shop }");
		return;
	}
	source_fields(&r->src, n, field_names, f, DIAG_ERROR);
	if (f[SUBJECT] == NULL && f[SAN] == NULL && f[FINGERPRINT] == NULL)
		fault(r, n, "missing-key", "an entry needs subject, san or "
		    "fingerprint: it would be about each certificate");
	if (f[SUBJECT] != NULL)
		read_subject(r, f[SUBJECT]);
	if (f[SAN] != NULL)
		read_san(r, f[SAN]);
	if (f[FINGERPRINT] != NULL)
		read_fingerprint(r, f[FINGERPRINT]);
	read_owner(r, n, f);
}

static void
read_list(struct certificates *all, struct reading *r,
    const struct yaml_node *root)
{
	if (root->kind != YAML_LIST || root->n == 0) {
		fault(r, root, "wrong-type", "the file must hold a list: "
		    "write \"- { san: DNS:NAME, name: NAME }\"");
		return;
	}
	if ((all->v = calloc(root->n, sizeof(*all->v))) == NULL) {
		source_out_of_memory(&r->src, root);
		return;
	}
	for (; all->n < root->n && !diags_full(r->src.diags); all->n++) {
		r->e = &all->v[all->n];
		read_entry(r, root->items[all->n]);
	}
}

struct certificates *
certificates_load(const char *file, struct diags *d)
{
	struct certificates *all;
	struct arena mem = { 0 };
	struct reading r = { .src = { .file = file, .diags = d, .mem = &mem } };
	struct yaml_doc *doc = yaml_load_file(file, d);
	size_t before = d->errors;

	if (doc == NULL)
		return NULL;
	if ((all = calloc(1, sizeof(*all))) == NULL)
		source_out_of_memory(&r.src, yaml_root(doc));
	else
		read_list(all, &r, yaml_root(doc));
	yaml_doc_free(doc);
	arena_clear(&mem);
	if (d->errors == before)
		return all;
	certificates_free(all);
	return NULL;
}

void
certificates_free(struct certificates *all)
{
	size_t i;

	if (all == NULL)
		return;
	for (i = 0; i < all->n; i++) {
		free(all->v[i].subject);
		free(all->v[i].san);
		principal_unref(all->v[i].principal);
	}
	free(all->v);
	free(all);
}
