/*
 * t_opt.c: command lines, right and wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "tap.h"

struct values {
	bool		flag, other;
	unsigned	count;
	const char     *string, *text;
	int64_t		number, duration;
	uint64_t	size;
	struct opt_list list, pair;
	int		choice;
	struct opt_list operands;
	struct errbuf	e;
	enum opt_outcome outcome;
};

/* Parse a command line given as words with blanks between them. */
static void
parse(struct values *v, const char *line)
{
	static const char *const words[] = { "red", "green", NULL };
	static char text[256];
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Things" },
		{ 'f', "flag", OPT_FLAG, .at = &v->flag, .help = "f" },
		{ 'o', "other", OPT_FLAG, .at = &v->other, .help = "o" },
		{ 'v', "verbose", OPT_COUNT, .at = &v->count, .help = "v" },
		{ 's', "string", OPT_STRING, "TEXT", .at = &v->string,
		  .help = "s" },
		{ 'n', "number", OPT_INT, "N", .at = &v->number, .min = 1,
		  .max = 9, .help = "n" },
		{ .long_name = "text", .type = OPT_STRING, .arg = "TEXT",
		  .at = &v->text, .may_be_empty = true, .help = "t" },
		{ .long_name = "path", .type = OPT_STRING, .arg = "PATH",
		  .at = &v->text, .complete = OPT_C_FILE, .help = "p" },
		{ .long_name = "wait", .type = OPT_DURATION, .arg = "TIME",
		  .at = &v->duration, .help = "w" },
		{ .long_name = "size", .type = OPT_SIZE, .arg = "SIZE",
		  .at = &v->size, .help = "z" },
		{ 'l', "list", OPT_LIST, "ONE", .at = &v->list, .help = "l" },
		{ .long_name = "pair", .type = OPT_PAIR, .arg = "A B",
		  .at = &v->pair, .help = "p" },
		{ .long_name = "colour", .type = OPT_CHOICE, .arg = "C",
		  .at = &v->choice, .choices = words, .help = "c" },
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "prog",
		.synopsis = "[options]",
		.summary = "Does.",
		.rows = rows,
	};
	char *argv[32] = { text };
	int argc = 1;
	char *word, *save = NULL;

	*v = (struct values){ .choice = -1 };
	(void)strncpy(text, line, sizeof(text) - 1);
	for (word = strtok_r(text, " ", &save); word != NULL;
	    word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	v->outcome = opt_parse(&spec, argc, argv, &v->operands, &v->e);
}

static void
done(struct values *v)
{
	free(v->list.v);
	free(v->pair.v);
	free(v->operands.v);
}

static void
test_right(void)
{
	struct values v;

	parse(&v, "-f a -vvs text -n 3 b");
	tap_int(v.outcome, OPT_RUN, "options and operands mix");
	tap_ok(v.flag && !v.other, "a flag");
	tap_int(v.count, 2, "a count in a bunch");
	tap_str(v.string, "text", "whose last takes the next word");
	tap_int(v.number, 3, "a number");
	tap_int((int64_t)v.operands.n, 2, "two operands");
	tap_str(v.operands.v[1], "b", "in order");
	done(&v);

	parse(&v, "-sx --wait=1.5 --size 2k --list a -lb --colour green");
	tap_int(v.outcome, OPT_RUN, "every form of a value");
	tap_str(v.string, "x", "-sVALUE");
	tap_int(v.duration, 1500, "--name=VALUE");
	tap_int((int64_t)v.size, 2048, "--name VALUE");
	tap_int((int64_t)v.list.n, 2, "a list");
	tap_int(v.choice, 1, "a choice");
	done(&v);

	parse(&v, "--pair a -f --pair=c d e");
	tap_int((int64_t)v.pair.n, 4, "two words a pair");
	tap_str(v.pair.v[1], "-f", "whatever they look like");
	tap_str(v.pair.v[3], "d", "or how the first is given");
	tap_int((int64_t)v.operands.n, 1, "and no more");
	done(&v);

	parse(&v, "--pair a");
	tap_str(v.e.msg, "--pair needs two values: A B", "one is not enough");
	done(&v);

	parse(&v, "-f -- -o - --flag");
	tap_ok(v.flag && !v.other, "-- ends the options");
	tap_int((int64_t)v.operands.n, 3, "the rest are operands");
	done(&v);

	parse(&v, "- --text= -n 1 -n 2");
	tap_str(v.operands.v[0], "-", "- is an operand");
	tap_str(v.text, "", "an empty value where it is one");
	tap_int(v.number, 2, "the last one counts");
	done(&v);

	parse(&v, "--path=\xff");
	tap_str(v.text, "\xff", "a path is any bytes");
	done(&v);
}

static void
test_wrong(void)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
		{ "--strin x", "unknown option --strin, did you mean "
		    "--string?" },
		{ "--hlp", "unknown option --hlp, did you mean --help?" },
		{ "--stirng x", "unknown option --stirng, did you mean "
		    "--string?" },
		{ "--num 1", "unknown option --num, did you mean "
		    "--number?" },
		{ "--=1", "unknown option --, see prog --help" },
		{ "--zzzzzzzzzzzz", "unknown option --zzzzzzzzzzzz, "
		    "see prog --help" },
		{ "-fq", "unknown option -q, see prog --help" },
		{ "-f\u00e4", "unknown option -\u00e4, see prog --help" },
		{ "--string=", "--string: the value is empty, it needs "
		    "TEXT" },
		{ "--number=", "--number: the value is empty, it needs N" },
		{ "-s\xff", "-s: the value is not UTF-8" },
		{ "-s", "-s needs a value: TEXT" },
		{ "--wait", "--wait needs a value: TIME" },
		{ "--flag=1", "--flag takes no value" },
		{ "-n 0", "-n: 0 is not between 1 and 9" },
		{ "--number=x", "--number: \"x\" is not a whole number" },
		{ "--colour rde", "--colour: no \"rde\", did you mean "
		    "red?" },
		{ "--colour blue", "--colour: \"blue\" is none of red, "
		    "green" },
	};
	struct values v;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		parse(&v, rows[i].line);
		tap_int(v.outcome, OPT_USAGE, "%s is refused", rows[i].line);
		tap_str(v.e.msg, rows[i].says, "with a hint");
		done(&v);
	}
}

int
main(void)
{
	test_right();
	test_wrong();
	return tap_done();
}
