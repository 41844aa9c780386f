/*
 * lookup_answer.c: the lines of a program that says who somebody is.
 */
#include "wampd/auth/lookup_answer.h"

#include <string.h>

#include "base/arena.h"
#include "proto/json.h"
#include "wampd/auth/users.h"

#define DEPTH	8	/* nested lists and objects */

struct reading {
	struct slice object;
	struct arena mem;	/* texts of the answer */
	struct buf  *scratch;	/* borrowed */
	const char  *roles[USER_ROLES_MAX + 1];
};

static enum lookup_said
nonsense(struct slice *why, const char *reason)
{
	*why = slice_str(reason);
	return LOOKUP_SAID_NONSENSE;
}

/* A copy of the string; or NULL, also if it would be cut at a NUL. */
static const char *
text_of(struct reading *r, const struct json_elem *v)
{
	struct slice text;

	if (v->type != JSON_STRING ||
	    json_string(&text, v, r->scratch) == -1 ||
	    memchr(text.p, '\0', text.len) != NULL)
		return NULL;
	return arena_copy(&r->mem, text);
}

/* false: they are malformed. */
static bool
read_roles(struct reading *r)
{
	struct json_elem v, role;
	struct slice rest;
	size_t n = 0;

	r->roles[0] = NULL;
	if (!json_member(r->object, "roles", &v) || v.type == JSON_NULL)
		return true;
	if (v.type != JSON_ARRAY)
		return false;
	for (rest = json_inside(v.text); json_next(&rest, &role); n++) {
		if (n == USER_ROLES_MAX ||
		    (r->roles[n] = text_of(r, &role)) == NULL ||
		    !user_role_valid(slice_str(r->roles[n])))
			return false;
		r->roles[n + 1] = NULL;
	}
	return true;
}

static bool
read_id(const struct reading *r, int64_t *id)
{
	struct json_elem v;

	*id = 0;
	if (!json_member(r->object, "user_id", &v) || v.type == JSON_NULL)
		return true;
	return v.type == JSON_NUMBER && json_int(id, &v) && *id > 0;
}

/* The hash; empty if there is none, and none is needed. */
static bool
read_password(struct reading *r, bool needed, struct slice *out)
{
	struct json_elem v;

	*out = SLICE("");
	if (!needed)
		return true;
	return json_member(r->object, "password", &v) &&
	    v.type == JSON_STRING && json_string(out, &v, r->scratch) == 0 &&
	    out->len > 0 && out->len <= USER_PASSWORD_MAX;
}

static enum lookup_said
read_user(struct reading *r, const struct json_elem *name, unsigned who,
    bool password, struct user **u, struct slice *why)
{
	const char *text = text_of(r, name);
	struct slice hash;
	int64_t id;

	if (text == NULL || !user_name_valid(slice_str(text)))
		return nonsense(why, "\"user\" is not a name");
	if (!read_id(r, &id))
		return nonsense(why, "\"user_id\" is not a positive integer");
	if (!read_roles(r))
		return nonsense(why, "\"roles\" is not a list of names");
	if (!read_password(r, password, &hash))
		return nonsense(why, "\"password\" is missing or too long");
	*u = user_new(who, text, id, r->roles, hash);
	return *u != NULL ? LOOKUP_SAID_USER :
	    nonsense(why, "out of memory");
}

enum lookup_said
lookup_answer_read(struct slice line, unsigned who, bool password,
    int64_t *id, struct user **u, struct slice *why, struct buf *scratch)
{
	struct reading r = { .scratch = scratch };
	struct json_elem all, v;
	struct json_error fault;
	enum lookup_said said;

	*id = 0;
	if (json_scan_value(line, DEPTH, &all, &fault) == -1 ||
	    all.type != JSON_OBJECT)
		return nonsense(why, "the line is not a JSON object");
	r.object = all.text;
	if (!json_member(r.object, "id", &v) || v.type != JSON_NUMBER ||
	    !json_int(id, &v))
		return nonsense(why, "\"id\" is missing");
	if (json_member(r.object, "error", &v) && v.type == JSON_STRING)
		return json_string(why, &v, scratch) == 0 ?
		    LOOKUP_SAID_ERROR : nonsense(why, "out of memory");
	if (!json_member(r.object, "user", &v))
		return nonsense(why, "\"user\" is missing");
	if (v.type == JSON_NULL)
		return LOOKUP_SAID_NONE;
	said = read_user(&r, &v, who, password, u, why);
	arena_clear(&r.mem);
	return said;
}
