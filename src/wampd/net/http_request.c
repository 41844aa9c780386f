/*
 * http_request.c: the head of an HTTP/1 request, as it comes.
 *
 * A state is what the next byte belongs to, and has a function that takes as
 * many bytes as it can.  A line is judged at its end.
 */
#include "wampd/net/http_request.h"

#include "wampd/net/http_target.h"

#define METHOD_MAX	32	/* bytes; registered ones have at most 17 */
#define EMPTY_LINES_MAX	2
#define VERSION		"HTTP/#.#\r\n"	/* #: a digit */
#define MAJOR_AT	5	/* in it */
#define MINOR_AT	7

enum state {
	STATE_START,		/* the request line, or an empty line */
	STATE_START_LF,
	STATE_METHOD,
	STATE_TARGET,
	STATE_VERSION,		/* with the end of its line */
	STATE_FIELD,		/* a field, or the empty line */
	STATE_NAME,
	STATE_VALUE,
	STATE_VALUE_LF,
	STATE_END_LF,
	STATE_DONE,
	STATE_REFUSED
};

/* What Transfer-Encoding lists. */
enum coding {
	CODING_NONE,		/* there is no such field */
	CODING_ENDLESS,		/* the last one tells no end of the content */
	CODING_CHUNKED		/* the last one is "chunked" */
};

struct reader {
	struct http_scan *s;
	struct slice	  in;	/* at most limit bytes */
};

static char
byte(const struct reader *r)
{
	return r->in.p[r->s->at];
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
refuse(struct reader *r, enum http_cause cause)
{
	r->s->state = STATE_REFUSED;
	r->s->cause = (uint8_t)cause;
}

/* Go on behind the byte, where a part may begin. */
static void
enter(struct reader *r, enum state state)
{
	r->s->state = (uint8_t)state;
	r->s->begin = ++r->s->at;
}

/* What was read of the part that began last. */
static struct http_part
part(const struct http_scan *s)
{
	return (struct http_part){ s->begin, s->at - s->begin };
}

static struct slice
text_of(struct slice in, struct http_part p)
{
	return slice_of(in.p + p.at, p.len);
}

/* ---- the request line ---- */

static void
read_start(struct reader *r)
{
	char c = byte(r);

	if (c == '\r' && r->s->empty_lines < EMPTY_LINES_MAX)
		enter(r, STATE_START_LF);
	else if (c == '\n')
		refuse(r, HTTP_CAUSE_LINE_END);
	else if (c == 0x16)		/* a handshake record */
		refuse(r, HTTP_CAUSE_TLS_HELLO);
	else if (!http_is_token_char(c))
		refuse(r, HTTP_CAUSE_REQUEST_LINE);
	else
		r->s->state = STATE_METHOD;
}

static void
read_start_lf(struct reader *r)
{
	if (byte(r) != '\n') {
		refuse(r, HTTP_CAUSE_LINE_END);
		return;
	}
	r->s->empty_lines++;
	enter(r, STATE_START);
}

static void
read_method(struct reader *r)
{
	struct http_scan *s = r->s;

	while (s->at < r->in.len && http_is_token_char(byte(r)))
		s->at++;
	if (s->at - s->begin > METHOD_MAX)
		refuse(r, HTTP_CAUSE_LONG_METHOD);
	else if (s->at == r->in.len)
		return;
	else if (byte(r) != ' ')
		refuse(r, HTTP_CAUSE_REQUEST_LINE);
	else {
		s->method = part(s);
		enter(r, STATE_TARGET);
	}
}

/* A fragment must not come here (RFC 9112 section 3.2). */
static bool
is_target_char(char c)
{
	return c > ' ' && c < 0x7f && c != '#';
}

static void
read_target(struct reader *r)
{
	struct http_scan *s = r->s;
	char c;

	while (s->at < r->in.len && is_target_char(byte(r)))
		s->at++;
	if (s->at == r->in.len)
		return;
	if ((c = byte(r)) == ' ' && s->at > s->begin) {
		s->target = part(s);
		enter(r, STATE_VERSION);
	} else
		refuse(r, c == ' ' || c == '\r' || c == '\n' ?
		    HTTP_CAUSE_REQUEST_LINE : HTTP_CAUSE_TARGET);
}

/* A higher minor version is read as 1.1 (RFC 9110 section 2.5). */
static void
judge_request_line(struct reader *r)
{
	struct http_scan *s = r->s;
	const char *version = r->in.p + s->begin;
	struct http_target target;

	if (version[MAJOR_AT] != '1')
		refuse(r, HTTP_CAUSE_VERSION);
	else if (!http_target_read(&target, text_of(r->in, s->method),
	    text_of(r->in, s->target)))
		refuse(r, HTTP_CAUSE_TARGET);
	else {
		s->minor = version[MINOR_AT] == '0' ? 0 : 1;
		enter(r, STATE_FIELD);
		s->fields = s->at;
	}
}

static void
read_version(struct reader *r)
{
	char c = byte(r), want = VERSION[r->s->at - r->s->begin];

	if (want == '#' ? is_digit(c) : c == want) {
		if (c == '\n')
			judge_request_line(r);
		else
			r->s->at++;
	} else
		refuse(r, want == '\n' || (want == '\r' && c == '\n') ?
		    HTTP_CAUSE_LINE_END : HTTP_CAUSE_REQUEST_LINE);
}

/* ---- the fields that the head itself depends on ---- */

static void
on_host(struct reader *r, struct slice value)
{
	struct http_scan *s = r->s;

	if (s->has_host || (value.len > 0 && !http_authority_valid(value))) {
		refuse(r, HTTP_CAUSE_HOST);
		return;
	}
	s->has_host = true;
	s->host = (struct http_part){ (uint32_t)(value.p - r->in.p),
	    (uint32_t)value.len };
}

/* Digits alone.  The same value twice might be taken as one (RFC 9110 section
 * 8.6), but no client sends that. */
static void
on_content_length(struct reader *r, struct slice value)
{
	struct http_scan *s = r->s;
	size_t i;

	for (i = 0; i < value.len && is_digit(value.p[i]); i++)
		s->has_content |= value.p[i] != '0';
	if (s->has_length || i < value.len || i == 0)
		refuse(r, HTTP_CAUSE_FRAMING);
	s->has_length = true;
}

/* Only the last coding may be "chunked" (RFC 9112 section 6.1). */
static void
on_transfer_encoding(struct reader *r, struct slice value)
{
	struct http_scan *s = r->s;
	struct slice element;

	while (http_list_next(&value, &element)) {
		if (s->coding == CODING_CHUNKED) {
			refuse(r, HTTP_CAUSE_FRAMING);
			return;
		}
		s->coding = http_token_eq(element, "chunked") ?
		    CODING_CHUNKED : CODING_ENDLESS;
	}
	if (s->coding == CODING_NONE)
		s->coding = CODING_ENDLESS;
}

/* Who expects 100 gets a final answer instead, as RFC 9110 section 10.1.1
 * allows: there is no content to wait for. */
static void
on_expect(struct reader *r, struct slice value)
{
	struct slice element;

	while (http_list_next(&value, &element))
		if (!http_token_eq(element, "100-continue"))
			refuse(r, HTTP_CAUSE_EXPECTATION);
}

static const struct {
	const char *name;
	void	  (*judge)(struct reader *r, struct slice value);
} fields[] = {
	{ "content-length", on_content_length },
	{ "expect", on_expect },
	{ "host", on_host },
	{ "transfer-encoding", on_transfer_encoding },
};

/* Called at the line's LF. */
static void
judge_field(struct reader *r)
{
	const struct http_scan *s = r->s;
	struct slice name = slice_of(r->in.p + s->begin, s->colon - s->begin);
	struct slice value = slice_of(r->in.p + s->colon + 1,
	    s->at - s->colon - 2);
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (http_token_eq(name, fields[i].name)) {
			fields[i].judge(r, http_trim(value));
			break;
		}
}

/* Whether there is the Host that the version asks for (RFC 9112 section 3.2).
 * It may be empty only where the target needs none. */
static bool
has_good_host(const struct reader *r)
{
	const struct http_scan *s = r->s;

	return s->minor == 0 || (s->has_host &&
	    (s->host.len > 0 || r->in.p[s->target.at] != '/'));
}

static void
judge_head(struct reader *r)
{
	const struct http_scan *s = r->s;

	if (!has_good_host(r))
		refuse(r, HTTP_CAUSE_HOST);
	else if (s->coding == CODING_ENDLESS ||
	    (s->coding != CODING_NONE && s->has_length))
		refuse(r, HTTP_CAUSE_FRAMING);
	else
		enter(r, STATE_DONE);
}

/* ---- the lines of the fields ---- */

static void
read_field(struct reader *r)
{
	char c = byte(r);

	if (c == '\r')
		enter(r, STATE_END_LF);
	else if (c == '\n')
		refuse(r, HTTP_CAUSE_LINE_END);
	else if (c == ' ' || c == '\t')
		refuse(r, HTTP_CAUSE_FOLDED_FIELD);
	else if (!http_is_token_char(c))
		refuse(r, HTTP_CAUSE_FIELD);
	else
		r->s->state = STATE_NAME;
}

static void
read_name(struct reader *r)
{
	struct http_scan *s = r->s;

	while (s->at < r->in.len && http_is_token_char(byte(r)))
		s->at++;
	if (s->at == r->in.len)
		return;
	if (byte(r) != ':') {
		refuse(r, HTTP_CAUSE_FIELD);
		return;
	}
	s->colon = s->at++;
	s->state = STATE_VALUE;
}

static bool
is_value_char(char c)
{
	return (unsigned char)c >= ' ' ? c != 0x7f : c == '\t';
}

static void
read_value(struct reader *r)
{
	struct http_scan *s = r->s;
	char c;

	while (s->at < r->in.len && is_value_char(byte(r)))
		s->at++;
	if (s->at == r->in.len)
		return;
	if ((c = byte(r)) != '\r') {
		refuse(r, c == '\n' ? HTTP_CAUSE_LINE_END : HTTP_CAUSE_FIELD);
		return;
	}
	s->at++;
	s->state = STATE_VALUE_LF;
}

static void
read_value_lf(struct reader *r)
{
	if (byte(r) != '\n') {
		refuse(r, HTTP_CAUSE_LINE_END);
		return;
	}
	judge_field(r);
	if (r->s->state != STATE_REFUSED)
		enter(r, STATE_FIELD);
}

static void
read_end_lf(struct reader *r)
{
	if (byte(r) != '\n')
		refuse(r, HTTP_CAUSE_LINE_END);
	else
		judge_head(r);
}

/* ---- the whole ---- */

/* Each takes at least one byte, or enters another state that does. */
static void (*const readers[])(struct reader *r) = {
	[STATE_START] = read_start,
	[STATE_START_LF] = read_start_lf,
	[STATE_METHOD] = read_method,
	[STATE_TARGET] = read_target,
	[STATE_VERSION] = read_version,
	[STATE_FIELD] = read_field,
	[STATE_NAME] = read_name,
	[STATE_VALUE] = read_value,
	[STATE_VALUE_LF] = read_value_lf,
	[STATE_END_LF] = read_end_lf,
};

/* What is not known yet is empty. */
static void
fill(struct http_request *req, const struct http_scan *s, struct slice in)
{
	struct http_target target;

	*req = (struct http_request){
		.method = text_of(in, s->method),
		.target = text_of(in, s->target),
		.minor = s->minor,
	};
	if (s->state != STATE_DONE)
		return;
	(void)http_target_read(&target, req->method, req->target);
	req->path = target.path;
	req->query = target.query;
	req->authority = target.authority.len > 0 ? target.authority :
	    text_of(in, s->host);
	req->fields = slice_of(in.p + s->fields, s->at - 2 - s->fields);
	req->len = s->at;
	req->content = s->coding != CODING_NONE || s->has_content;
}

enum http_read
http_request_read(struct http_scan *scan, struct slice in, size_t limit,
    struct http_request *req, struct http_refusal *why)
{
	struct reader r = { scan, in };

	if (limit > UINT32_MAX)
		limit = UINT32_MAX;
	if (r.in.len > limit)
		r.in.len = limit;
	while (scan->state < STATE_DONE && scan->at < r.in.len)
		readers[scan->state](&r);
	if (scan->state < STATE_DONE && scan->at >= limit)
		refuse(&r, scan->state < STATE_FIELD ?
		    HTTP_CAUSE_LONG_TARGET : HTTP_CAUSE_LARGE_HEAD);
	if (scan->state < STATE_DONE)
		return HTTP_READ_MORE;
	fill(req, scan, in);
	if (scan->state == STATE_DONE)
		return HTTP_READ_DONE;
	*why = (struct http_refusal){ .cause = scan->cause };
	return HTTP_READ_REFUSED;
}
