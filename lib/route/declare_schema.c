/*
 * declare_schema.c: the JSON schema of a handler's values, a row a reader.
 */
#include "route/declare_value.h"

#include <string.h>

#include "route/schema.h"

static int
schema_of_count(struct buf *out, const struct declare_key *k)
{
	return schema_count(out, 1, k->max);
}

static int
schema_of_rate(struct buf *out, const struct declare_key *k)
{
	if (buf_add_str(out, "{\"anyOf\":[") == -1 ||
	    schema_count(out, 1, k->max) == -1 ||
	    buf_add_str(out, ",{\"type\":\"object\",\"required\":[\"events\"],"
	    "\"additionalProperties\":false,\"properties\":{\"events\":") ==
	    -1 ||
	    schema_count(out, 1, k->max) == -1 ||
	    buf_add_str(out, ",\"burst\":") == -1 ||
	    schema_count(out, 1, k->max) == -1)
		return -1;
	return buf_add_str(out, "}}]}");
}

static int
schema_of_history(struct buf *out, const struct declare_key *k)
{
	if (buf_add_str(out, "{\"anyOf\":[" SCHEMA_REF("duration") ",") ==
	    -1 ||
	    schema_count(out, 1, k->max) == -1 ||
	    buf_add_str(out, ",{\"type\":\"object\",\"minProperties\":1,"
	    "\"additionalProperties\":false,\"properties\":{\"events\":") ==
	    -1 ||
	    schema_count(out, 1, k->max) == -1)
		return -1;
	return buf_add_str(out, ",\"time\":" SCHEMA_REF("duration") "}}]}");
}

static int
schema_of_overflow(struct buf *out, const struct declare_key *k)
{
	(void)k;
	return schema_words(out, declare_overflow_words);
}

/* What has no table of its own is written here. */
static const struct {
	declare_key_fn *read;
	const char     *schema;
	int	      (*add)(struct buf *out, const struct declare_key *k);
} schemas[] = {
	{ declare_read_flag, SCHEMA_REF("flag"), NULL },
	{ declare_read_text, SCHEMA_REF("text"), NULL },
	{ declare_read_message, SCHEMA_REF("text"), NULL },
	{ declare_read_folder, SCHEMA_REF("text"), NULL },
	{ declare_read_size, SCHEMA_REF("size"), NULL },
	{ declare_read_duration, SCHEMA_REF("duration"), NULL },
	{ declare_read_command, SCHEMA_REF("texts"), NULL },
	{ declare_read_log, "{\"enum\":[true,false,\"error\",\"warning\","
	    "\"info\",\"debug\",null]}", NULL },
	{ declare_read_env, "{\"anyOf\":[" SCHEMA_REF("variables") ",{\"type\":"
	    "\"array\",\"items\":{\"anyOf\":[" SCHEMA_REF("text") ","
	    SCHEMA_REF("variables") "]}}]}", NULL },
	{ declare_read_restart, "{\"type\":[\"object\",\"null\"],"
	    "\"additionalProperties\":false,\"properties\":{\"min\":"
	    SCHEMA_REF("duration") ",\"max\":" SCHEMA_REF("duration") "}}",
	    NULL },
	{ declare_read_retain, "{\"anyOf\":[" SCHEMA_REF("flag") ","
	    SCHEMA_REF("duration") "]}", NULL },
	{ declare_read_count, NULL, schema_of_count },
	{ declare_read_history, NULL, schema_of_history },
	{ declare_read_rate, NULL, schema_of_rate },
	{ declare_read_overflow, NULL, schema_of_overflow },
};

int
declare_schema_key(struct buf *out, const struct declare_key *k,
    bool programs)
{
	size_t i;

	if (k->read == declare_read_right)
		return buf_add_str(out, programs ? SCHEMA_REF("program") :
		    SCHEMA_REF("right"));
	for (i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++)
		if (schemas[i].read == k->read)
			return schemas[i].schema != NULL ?
			    buf_add_str(out, schemas[i].schema) :
			    schemas[i].add(out, k);
	return -1;
}

/* A pattern of the words: "role:" wants a name behind it, and so does
 * "user:local:", which would be a name behind "user:". */
static int
add_grants(struct buf *out)
{
	const char *word;
	size_t i;

	if (buf_add_str(out, "{\"type\":\"string\",\"pattern\":"
	    "\"^(?!user:local:$)(") == -1)
		return -1;
	for (i = 0; i <= DECLARE_USER; i++) {
		word = declare_who_word((enum declare_who)i);
		if (buf_addf(out, "%s%s%s", i > 0 ? "|" : "", word,
		    word[strlen(word) - 1] == ':' ? ".+" : "") == -1)
			return -1;
	}
	return buf_add_str(out, ")$\"}");
}

int
schema_handler_definitions(struct buf *out)
{
	if (buf_add_str(out, ",\"variables\":{\"type\":[\"object\",\"null\"],"
	    "\"additionalProperties\":" SCHEMA_REF("text")
	    "},\"grant\":") == -1 ||
	    add_grants(out) == -1)
		return -1;
	return buf_add_str(out, ",\"right\":{\"anyOf\":["
	    SCHEMA_REF("grant") ","
	    "{\"type\":\"array\",\"items\":" SCHEMA_REF("grant") "},"
	    "{\"type\":\"null\"}]},"
	    "\"program\":{\"anyOf\":[" SCHEMA_REF("text") ","
	    SCHEMA_REF("right") ","
	    "{\"type\":\"object\",\"additionalProperties\":false,"
	    "\"properties\":{\"who\":" SCHEMA_REF("right") ",\"program\":"
	    SCHEMA_REF("text") "}}]}");
}
