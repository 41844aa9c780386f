/*
 * t_yaml_write.c: texts as YAML, and that they read back to the same.
 */
#include "route/yaml_write.h"

#include <string.h>

#include "route/yaml.h"
#include "tap.h"

static void
writes(const char *text, const char *want)
{
	struct buf out = { 0 };

	tap_int(yaml_write_text(&out, 2, slice_str(text)), 0, "is written");
	tap_str(buf_cstr(&out), want, "as %zu bytes", strlen(want));
	buf_clear(&out);
}

static void
test_forms(void)
{
	writes("", "''");
	writes("it's a: b #c", "'it''s a: b #c'");
	writes("\303\251\t\\\"\x7f", "\"\\u00e9\\u0009\\\\\\\"\\u007f\"");
	writes("\xf0\x9f\x98\x80", "\"\\U0001f600\"");
	writes("a\nb", "|2-\n    a\n    b");
	writes("a\n b\n", "|2\n    a\n     b");
	writes("a\n\n\n", "|2+\n    a\n\n");
	writes("\na", "\"\\u000aa\"");
	writes("a\r\nb", "\"a\\u000d\\u000ab\"");
}

/* As key and as value, twice, with others around them. */
static void
reads_back(struct slice text, const char *what)
{
	struct buf out = { 0 };
	struct diags d = { 0 };
	struct yaml_doc *doc = NULL;
	const struct yaml_node *n;
	bool same = false;

	if (buf_add_str(&out, "a:\n") == 0 &&
	    yaml_write_key(&out, 2, text) == 0 &&
	    buf_add_char(&out, ' ') == 0 &&
	    yaml_write_text(&out, 2, text) == 0 &&
	    buf_add_str(&out, "\n# b\nb: ") == 0 &&
	    yaml_write_text(&out, 0, text) == 0 &&
	    buf_add_str(&out, "\nc: d\n") == 0)
		doc = yaml_load_text("out", buf_slice(&out), &d);
	diag_print(&d, stderr);
	if (doc != NULL) {
		n = yaml_get(yaml_root(doc), "a");
		same = n->n == 1 && slice_eq(n->items[0]->text, text) &&
		    n->values[0]->kind == YAML_SCALAR &&
		    slice_eq(n->values[0]->text, text) &&
		    slice_eq(yaml_get(yaml_root(doc), "b")->text, text) &&
		    yaml_get(yaml_root(doc), "c") != NULL;
	}
	tap_ok(same, "%s reads back", what);
	yaml_doc_free(doc);
	diag_clear(&d);
	buf_clear(&out);
}

static void
test_round_trip(void)
{
	static const char *const texts[] = { "", " ", "~", "null", "yes", "1",
	    "'", "''", "\"", "\\", "\\n", "%x", "@x", "`x", "*a", "&a", "!!a",
	    "a: b", "a #b", "# a", "- a", "? a", "[a", "{a}", "<<", "...",
	    "---", "a\n", "a\nb", "a\n\nb", "a\nb\n", "a\n\n", "a\n\n\n",
	    "\n", "\n\n", "\na", " a\nb", "a\n b", "a\n  ", "a \nb ", " \na",
	    " \n \n", "a\n#b\nc: d\n", "a\n---\n", "a\r\nb", "\r", "a\tb",
	    "\ta\n\tb", "\x01\x1b\x7f", "\xc2\x85\xc2\xa0", "\xe2\x80\xa8",
	    "\xef\xbb\xbf", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xed\x9f\xbf",
	    "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "Gr\303\266\303\237e\n" };
	char name[32];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		(void)snprintf(name, sizeof(name), "text %zu", i);
		reads_back(slice_str(texts[i]), name);
	}
}

static void
test_long(void)
{
	static char text[1 << 20];
	size_t sizes[] = { 990, 998, 999, 1030, sizeof(text) };
	size_t i;

	memset(text, 'x', sizeof(text));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		reads_back(slice_of(text, sizes[i]), "a long text");
	memset(text, '\'', sizeof(text));
	reads_back(slice_of(text, 500), "a text of quotes");
	text[sizeof(text) / 2] = '\n';
	reads_back(slice_of(text, sizeof(text)), "two long lines");
}

static void
test_bytes(void)
{
	struct buf out = { 0 };

	tap_int(yaml_write_quoted(&out, SLICE("a\xff")), -1,
	    "what is not UTF-8 cannot be written");
	tap_int(yaml_write_text(&out, 0, SLICE("a\n\xc3")), -1,
	    "nor in several lines");
	buf_clear(&out);
}

int
main(void)
{
	test_forms();
	test_round_trip();
	test_long();
	test_bytes();
	return tap_done();
}
