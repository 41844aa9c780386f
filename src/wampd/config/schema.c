/*
 * schema.c: the JSON schema of wampd.yml, made from the table of keys.
 */
#include <stdint.h>
#include <string.h>

#include "proto/json.h"
#include "route/schema.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"

/* Append the type of a key: a reference to a definition, or a schema. */
static int
add_type(struct buf *out, const struct key *k)
{
	switch (k->type) {
	case KEY_ADDRESSES:
	case KEY_PATHS:
	case KEY_SECRETS:
	case KEY_COMMAND:
	case KEY_PLACES:
	case KEY_NETWORKS:
	case KEY_PROXIES:
	case KEY_HOSTS:
	case KEY_URLS:
		return buf_add_str(out, SCHEMA_REF("texts"));
	case KEY_INT:
		return schema_count(out, k->min, INT32_MAX);
	case KEY_SIZE:
	case KEY_MEMORY:
		return buf_add_str(out, SCHEMA_REF("size"));
	case KEY_DURATION:
		return buf_add_str(out, SCHEMA_REF("duration"));
	case KEY_TTL:
		if (buf_add_str(out, "{\"anyOf\":[" SCHEMA_REF("duration")
		    ",") == -1 || schema_words(out, k->words) == -1)
			return -1;
		return buf_add_str(out, "]}");
	case KEY_WORD:
		return schema_words(out, k->words);
	case KEY_FLAG:
		return buf_add_str(out, SCHEMA_REF("flag"));
	case KEY_MODE:
		return buf_add_str(out, "{\"type\":[\"string\",\"integer\","
		    "\"null\"],\"pattern\":\"^[0-7]+$\"}");
	case KEY_PARAMETERS:
		return buf_add_str(out, SCHEMA_REF("variables"));
	case KEY_HANDLERS:
		return schema_handlers(out);
	case KEY_STRING:
	case KEY_IDENT:
	case KEY_PATH:
	case KEY_SECRET:
	case KEY_FOLDER:
	case KEY_CWD:
	case KEY_MADE:
	case KEY_SOCKET:
	case KEY_PLACE:
	case KEY_GROUP:
	case KEY_USER:
	default:
		return buf_add_str(out, SCHEMA_REF("text"));
	}
}

static int
add_default(struct buf *out, const struct key *k)
{
	if (k->value == NULL)
		return 0;
	if (buf_add_str(out, ",\"default\":") == -1)
		return -1;
	return k->type == KEY_FLAG ? buf_add_str(out, k->value) :
	    json_quote(out, slice_str(k->value));
}

/* The help as a JSON string.  Editors show it beside the key, so it also tells
 * whether a reload is not enough. */
static int
add_description(struct buf *out, const struct key *k)
{
	struct buf text = { 0 };
	int rc = buf_addf(&text, "%s%s", k->help,
	    k->live ? "" : " (a change needs a restart)");

	if (rc == 0)
		rc = json_quote(out, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

/* Append "NAME":{"description":...,"default":...,"allOf":[TYPE]}.  Before draft
 * 2019-09, a reference must be the only member of its object: hence allOf. */
static int
add_key(struct buf *out, const struct key *k, const char *name)
{
	if (buf_addf(out, "\"%s\":{\"description\":", name) == -1 ||
	    add_description(out, k) == -1 ||
	    add_default(out, k) == -1 ||
	    buf_add_str(out, ",\"allOf\":[") == -1 ||
	    add_type(out, k) == -1)
		return -1;
	return buf_add_str(out, "]}");
}

#define OBJECT	"\"type\":[\"object\",\"null\"]," \
		"\"additionalProperties\":false,\"properties\":{"

/* Close the objects of these sections, such as "oro.secret_file". */
static int
close_sections(struct buf *out, const char *name)
{
	for (; (name = strchr(name, '.')) != NULL; name++)
		if (buf_add_str(out, "}}") == -1)
			return -1;
	return 0;
}

/* Open them.  Returns the key's own name, or NULL when out of memory. */
static const char *
open_sections(struct buf *out, const char *name)
{
	const char *dot;

	for (; (dot = strchr(name, '.')) != NULL; name = dot + 1)
		if (buf_addf(out, "\"%.*s\":{" OBJECT, (int)(dot - name),
		    name) == -1)
			return NULL;
	return name;
}

/* Append all keys; those of a section are together. */
static int
add_keys(struct buf *out)
{
	const char *last = "", *name;
	size_t i, shared;

	for (i = 0; i < nkeys; i++, last = keys[i - 1].name) {
		shared = key_shared_sections(last, keys[i].name);
		if (close_sections(out, last + shared) == -1 ||
		    (i > 0 && buf_add_char(out, ',') == -1))
			return -1;
		name = open_sections(out, keys[i].name + shared);
		if (name == NULL || add_key(out, &keys[i], name) == -1)
			return -1;
	}
	return close_sections(out, last);
}

int
config_schema(struct buf *out)
{
	struct buf text = { 0 };
	int rc = -1;

	if (schema_begin(&text, "wampd.yml") == 0 &&
	    schema_handler_definitions(&text) == 0 &&
	    buf_add_str(&text, "}," OBJECT) == 0 &&
	    add_keys(&text) == 0 && buf_add_str(&text, "}}") == 0)
		rc = schema_end(out, buf_slice(&text));
	buf_clear(&text);
	return rc;
}
