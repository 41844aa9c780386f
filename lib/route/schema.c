/*
 * schema.c: the pieces of all JSON schemas.
 *
 * An editor reads 30 as a number where we read a text, hence the many types.
 * A null leaves the default, as if the key were not there.
 */
#include "route/schema.h"

#include "base/num.h"
#include "proto/json.h"
#include "proto/json_pretty.h"

/* {"anyOf":[{"type":TYPE,"minimum":0},{"type":"string","pattern":...}]} */
static int
add_number(struct buf *out, const char *name, const char *type,
    int (*add_pattern)(struct buf *))
{
	struct buf pattern = { 0 };
	int rc = -1;

	if (add_pattern(&pattern) == 0 &&
	    buf_addf(out, ",\"%s\":{\"anyOf\":[{\"type\":[\"%s\","
	    "\"null\"],\"minimum\":0},{\"type\":\"string\",\"pattern\":",
	    name, type) == 0 &&
	    json_quote(out, buf_slice(&pattern)) == 0)
		rc = buf_add_str(out, "}]}");
	buf_clear(&pattern);
	return rc;
}

int
schema_begin(struct buf *out, const char *title)
{
	if (buf_addf(out, "{\"$schema\":"
	    "\"http://json-schema.org/draft-07/schema#\",\"title\":\"%s\","
	    "\"definitions\":{"
	    "\"text\":{\"type\":[\"string\",\"number\",\"boolean\","
	    "\"null\"]},"
	    "\"texts\":{\"anyOf\":[" SCHEMA_REF("text") ","
	    "{\"type\":\"array\",\"items\":" SCHEMA_REF("text") "}]},"
	    "\"flag\":{\"type\":[\"boolean\",\"null\"]}", title) == -1 ||
	    add_number(out, "size", "integer", num_size_pattern) == -1 ||
	    add_number(out, "duration", "number", num_duration_pattern) == -1)
		return -1;
	return 0;
}

int
schema_count(struct buf *out, long long min, long long max)
{
	return buf_addf(out, "{\"anyOf\":[{\"type\":[\"integer\",\"null\"],"
	    "\"minimum\":%lld,\"maximum\":%lld},{\"type\":\"string\","
	    "\"pattern\":\"^[-+]?[0-9]+$\"}]}", min, max);
}

int
schema_words(struct buf *out, const char *const *words)
{
	int rc = buf_add_str(out, "{\"enum\":[");

	for (; *words != NULL && rc == 0; words++)
		rc = buf_addf(out, "\"%s\",", *words);
	return rc == 0 ? buf_add_str(out, "null]}") : -1;
}

int
schema_end(struct buf *out, struct slice text)
{
	static const struct json_look look = { .indent = true };

	if (json_pretty(out, text, &look) == -1)
		return -1;
	return buf_add_char(out, '\n');
}
