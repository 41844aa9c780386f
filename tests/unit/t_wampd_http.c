/*
 * t_wampd_http.c: the head of an HTTP request.
 *
 * Each text ends with the byte that decides: a refusal must not wait for more.
 */
#include <stdio.h>

#include "http_cut.h"
#include "tap.h"

#define LIMIT	16384
#define TEXT(lit)	(lit), sizeof(lit) - 1

#define GET	"GET / HTTP/1.1\r\n"
#define HOST	"Host: h\r\n"
#define END	"\r\n"
#define FINE	"GET / ? h 1.1"	/* as describe() calls GET HOST END */
#define TEN	"0123456789"

struct sample {
	const char *name;
	const char *text;
	size_t	    len;
	const char *want;	/* by describe() */
};

static const struct sample lines[] = {
	{ "the least", TEXT(GET HOST END), FINE },
	{ "a query", TEXT("GET /a/b?c=d HTTP/1.1\r\n" HOST END),
	    "GET /a/b ?c=d h 1.1" },
	{ "a query with ?", TEXT("GET /a?b?c HTTP/1.1\r\n" HOST END),
	    "GET /a ?b?c h 1.1" },
	{ "an empty query", TEXT("GET /a? HTTP/1.1\r\n" HOST END),
	    "GET /a ? h 1.1" },
	{ "signs that URIs should not have",
	    TEXT("GET /\"<>\\^`{|} HTTP/1.1\r\n" HOST END),
	    "GET /\"<>\\^`{|} ? h 1.1" },
	{ "a path like an absolute target",
	    TEXT("GET //a/b HTTP/1.1\r\n" HOST END), "GET //a/b ? h 1.1" },
	{ "another method", TEXT("BREW /pot HTTP/1.1\r\n" HOST END),
	    "BREW /pot ? h 1.1" },
	{ "methods have a case", TEXT("get / HTTP/1.1\r\n" HOST END),
	    "get / ? h 1.1" },
	{ "a method of 32 bytes", TEXT(TEN TEN TEN "12 / HTTP/1.1\r\n" HOST
	    END), TEN TEN TEN "12 / ? h 1.1" },
	{ "a method of 33 bytes", TEXT(TEN TEN TEN "123"),
	    "501 long_method" },
	{ "an empty line before", TEXT("\r\n" GET HOST END), FINE },
	{ "two empty lines before", TEXT("\r\n\r\n" GET HOST END), FINE },
	{ "three empty lines", TEXT("\r\n\r\n\r"), "400 bad_request_line" },
	{ "an empty line of LF", TEXT("\n"), "400 bad_line_end" },
	{ "CR before the line", TEXT("\rG"), "400 bad_line_end" },
	{ "a blank before the line", TEXT(" "), "400 bad_request_line" },
	{ "no method", TEXT("/"), "400 bad_request_line" },
	{ "a method alone", TEXT("GET\r"), "400 bad_request_line" },
	{ "a tab for a blank", TEXT("GET\t"), "400 bad_request_line" },
	{ "two blanks", TEXT("GET  "), "400 bad_request_line" },
	{ "HTTP/0.9", TEXT("GET /\r"), "400 bad_request_line" },
	{ "two blanks before the version", TEXT("GET /  "),
	    "400 bad_request_line" },
	{ "a blank in the target", TEXT("GET /a b"), "400 bad_request_line" },
	{ "small letters in HTTP", TEXT("GET / h"), "400 bad_request_line" },
	{ "another protocol", TEXT("GET / HTTQ"), "400 bad_request_line" },
	{ "no minor version", TEXT("GET / HTTP/2\r"), "400 bad_request_line" },
	{ "a long major version", TEXT("GET / HTTP/11"),
	    "400 bad_request_line" },
	{ "a long minor version", TEXT("GET / HTTP/1.10"),
	    "400 bad_request_line" },
	{ "a blank behind the version", TEXT("GET / HTTP/1.1 "),
	    "400 bad_request_line" },
	{ "LF behind the version", TEXT("GET / HTTP/1.1\n"),
	    "400 bad_line_end" },
	{ "CR alone behind the version", TEXT("GET / HTTP/1.1\rH"),
	    "400 bad_line_end" },
	{ "HTTP/1.0", TEXT("GET / HTTP/1.0\r\n\r\n"), "GET / ?  1.0" },
	{ "HTTP/1.0 with Host", TEXT("GET / HTTP/1.0\r\n" HOST END),
	    "GET / ? h 1.0" },
	{ "HTTP/1.2", TEXT("GET / HTTP/1.2\r\n" HOST END), FINE },
	{ "HTTP/1.9", TEXT("GET / HTTP/1.9\r\n" HOST END), FINE },
	{ "HTTP/1.2 without Host", TEXT("GET / HTTP/1.2\r\n" END),
	    "400 bad_host" },
	{ "HTTP/0.9 by name", TEXT("GET / HTTP/0.9\r\n"),
	    "505 http_version" },
	{ "HTTP/2.0", TEXT("GET / HTTP/2.0\r\n"), "505 http_version" },
	{ "HTTP/3.1", TEXT("GET / HTTP/3.1\r\n"), "505 http_version" },
	{ "the preface of HTTP/2", TEXT("PRI * HTTP/2.0\r\n"),
	    "505 http_version" },
	{ "a hello of TLS", TEXT("\x16"), "400 tls_hello" },
	{ "NUL", TEXT("\0"), "400 bad_request_line" },
	{ "NUL in the method", TEXT("GE\0"), "400 bad_request_line" },
	{ "not ASCII", TEXT("\xc3"), "400 bad_request_line" },
	{ "a greeting of SSH", TEXT("SSH-2.0-OpenSSH_9.2\r"),
	    "400 bad_request_line" },
	{ "a proxy's header", TEXT("PROXY TCP4 1"), "400 bad_request_line" },
	{ "a proxy's binary header", TEXT("\r\n\r\n\0"),
	    "400 bad_request_line" },
	{ "nothing", TEXT(""), "more" },
	{ "half a line", TEXT("GET / HTT"), "more" },
	{ "half a head", TEXT(GET HOST "\r"), "more" },
};

static const struct sample targets[] = {
	{ "absolute", TEXT("GET http://a.b:80/c?d HTTP/1.1\r\n" HOST END),
	    "GET /c ?d a.b:80 1.1" },
	{ "a scheme of WebSocket", TEXT("GET ws://a/b HTTP/1.1\r\n" HOST END),
	    "GET /b ? a 1.1" },
	{ "large letters", TEXT("GET HTTPS://A/B HTTP/1.1\r\n" HOST END),
	    "GET /B ? A 1.1" },
	{ "without a path", TEXT("GET wss://a HTTP/1.1\r\n" HOST END),
	    "GET / ? a 1.1" },
	{ "a query without a path",
	    TEXT("GET http://a?b/c HTTP/1.1\r\n" HOST END),
	    "GET / ?b/c a 1.1" },
	{ "absolute beside an empty Host",
	    TEXT("GET http://a/ HTTP/1.1\r\nHost:\r\n" END),
	    "GET / ? a 1.1" },
	{ "absolute without Host", TEXT("GET http://a/ HTTP/1.1\r\n" END),
	    "400 bad_host" },
	{ "absolute without a host", TEXT("GET http:/// HTTP/1.1\r\n"),
	    "400 bad_target" },
	{ "a port without a host", TEXT("GET http://:80/ HTTP/1.1\r\n"),
	    "400 bad_target" },
	{ "a user", TEXT("GET http://u@a/ HTTP/1.1\r\n"), "400 bad_target" },
	{ "an unknown scheme", TEXT("GET ftp://a/ HTTP/1.1\r\n"),
	    "400 bad_target" },
	{ "half a scheme", TEXT("GET http HTTP/1.1\r\n"), "400 bad_target" },
	{ "one slash", TEXT("GET http:/a HTTP/1.1\r\n"), "400 bad_target" },
	{ "no slash", TEXT("GET a/b HTTP/1.1\r\n"), "400 bad_target" },
	{ "the server", TEXT("OPTIONS * HTTP/1.1\r\n" HOST END),
	    "OPTIONS * ? h 1.1" },
	{ "the server, of GET", TEXT("GET * HTTP/1.1\r\n"),
	    "400 bad_target" },
	{ "CONNECT", TEXT("CONNECT a:443 HTTP/1.1\r\n" HOST END),
	    "CONNECT  ? a:443 1.1" },
	{ "CONNECT to a path", TEXT("CONNECT /a HTTP/1.1\r\n"),
	    "400 bad_target" },
	{ "an address, of GET", TEXT("GET a:443 HTTP/1.1\r\n"),
	    "400 bad_target" },
	{ "a fragment", TEXT("GET /a#"), "400 bad_target" },
	{ "not ASCII", TEXT("GET /\xc3"), "400 bad_target" },
	{ "a tab", TEXT("GET /\t"), "400 bad_target" },
	{ "NUL", TEXT("GET /\0"), "400 bad_target" },
	{ "DEL", TEXT("GET /\x7f"), "400 bad_target" },
};

static const struct sample fields[] = {
	{ "no blank behind the colon", TEXT(GET "Host:h\r\n" END), FINE },
	{ "blanks around the value", TEXT(GET "Host: \t h \t\r\n" END), FINE },
	{ "small letters", TEXT(GET "hOST: h\r\n" END), FINE },
	{ "any order", TEXT(GET "A: b\r\n" HOST "C: d\r\n" END), FINE },
	{ "an empty value", TEXT(GET HOST "A:\r\n" END), FINE },
	{ "a value of blanks", TEXT(GET HOST "A:  \r\n" END), FINE },
	{ "every sign of a name",
	    TEXT(GET HOST "!#$%&'*+-.^_`|~09azAZ: b\r\n" END), FINE },
	{ "a value that is not ASCII", TEXT(GET HOST "A: \xc3\xa9\xff\r\n"
	    END), FINE },
	{ "a tab in a value", TEXT(GET HOST "A: b\tc\r\n" END), FINE },
	{ "no colon", TEXT(GET "Host\r"), "400 bad_field" },
	{ "a blank before the colon", TEXT(GET "Host "), "400 bad_field" },
	{ "a tab before the colon", TEXT(GET "Host\t"), "400 bad_field" },
	{ "no name", TEXT(GET ":"), "400 bad_field" },
	{ "a sign in a name", TEXT(GET "A("), "400 bad_field" },
	{ "a name that is not ASCII", TEXT(GET "A\xc3"), "400 bad_field" },
	{ "NUL in a name", TEXT(GET "A\0"), "400 bad_field" },
	{ "NUL in a value", TEXT(GET "A: b\0"), "400 bad_field" },
	{ "a control character", TEXT(GET "A: b\x1b"), "400 bad_field" },
	{ "DEL in a value", TEXT(GET "A: b\x7f"), "400 bad_field" },
	{ "LF behind a value", TEXT(GET "A: b\n"), "400 bad_line_end" },
	{ "CR in a value", TEXT(GET "A: b\rc"), "400 bad_line_end" },
	{ "CR CR", TEXT(GET "A: b\r\r"), "400 bad_line_end" },
	{ "an empty line of LF", TEXT(GET HOST "\n"), "400 bad_line_end" },
	{ "an empty line of CR", TEXT(GET HOST "\rA"), "400 bad_line_end" },
	{ "a folded value", TEXT(GET "A: b\r\n "), "400 folded_field" },
	{ "folded with a tab", TEXT(GET "A: b\r\n\t"), "400 folded_field" },
	{ "a blank before the first", TEXT(GET " "), "400 folded_field" },
};

static const struct sample hosts[] = {
	{ "none", TEXT(GET END), "400 bad_host" },
	{ "two", TEXT(GET HOST "Host: i\r\n"), "400 bad_host" },
	{ "the same twice", TEXT(GET HOST HOST), "400 bad_host" },
	{ "two with HTTP/1.0", TEXT("GET / HTTP/1.0\r\n" HOST HOST),
	    "400 bad_host" },
	{ "an empty one", TEXT(GET "Host:\r\n" END), "400 bad_host" },
	{ "an empty one where none is needed",
	    TEXT("OPTIONS * HTTP/1.1\r\nHost: \r\n" END),
	    "OPTIONS * ?  1.1" },
	{ "names that begin so", TEXT(GET "Hos: a\r\nHosts: b\r\n" END),
	    "400 bad_host" },
	{ "a name that ends so", TEXT(GET "X-Host: a\r\n" HOST END), FINE },
	{ "a name and a port", TEXT(GET "Host: az.b-c_d:80\r\n" END),
	    "GET / ? az.b-c_d:80 1.1" },
	{ "every sign of a name", TEXT(GET "Host: AZaz09-._~!$&'()*+,;=\r\n"
	    END), "GET / ? AZaz09-._~!$&'()*+,;= 1.1" },
	{ "an empty port", TEXT(GET "Host: a:\r\n" END), "GET / ? a: 1.1" },
	{ "IPv4", TEXT(GET "Host: 127.0.0.1:80\r\n" END),
	    "GET / ? 127.0.0.1:80 1.1" },
	{ "IPv6", TEXT(GET "Host: [::1]\r\n" END), "GET / ? [::1] 1.1" },
	{ "IPv6 and a port", TEXT(GET "Host: [fe80::A]:80\r\n" END),
	    "GET / ? [fe80::A]:80 1.1" },
	{ "percent-encoded", TEXT(GET "Host: %C3%a9%AF%af\r\n" END),
	    "GET / ? %C3%a9%AF%af 1.1" },
	{ "badly encoded", TEXT(GET "Host: %C\r\n"), "400 bad_host" },
	{ "badly encoded, second", TEXT(GET "Host: %CG\r\n"),
	    "400 bad_host" },
	{ "badly encoded, first", TEXT(GET "Host: %gC\r\n"),
	    "400 bad_host" },
	{ "a port of letters", TEXT(GET "Host: a:b\r\n"), "400 bad_host" },
	{ "a port alone", TEXT(GET "Host: :80\r\n"), "400 bad_host" },
	{ "an open bracket", TEXT(GET "Host: [::1\r\n"), "400 bad_host" },
	{ "empty brackets", TEXT(GET "Host: []\r\n"), "400 bad_host" },
	{ "no IPv6 in brackets", TEXT(GET "Host: [a.b]\r\n"),
	    "400 bad_host" },
	{ "much in brackets", TEXT(GET "Host: [" TEN TEN TEN TEN TEN "]\r\n"),
	    "400 bad_host" },
	{ "more behind brackets", TEXT(GET "Host: [::1]a\r\n"),
	    "400 bad_host" },
	{ "IPv6 without brackets", TEXT(GET "Host: ::1\r\n"),
	    "400 bad_host" },
	{ "a list", TEXT(GET "Host: a, b\r\n"), "400 bad_host" },
	{ "a user", TEXT(GET "Host: a@b\r\n"), "400 bad_host" },
	{ "a path", TEXT(GET "Host: a/\r\n"), "400 bad_host" },
	{ "a scheme", TEXT(GET "Host: http://a\r\n"), "400 bad_host" },
	{ "quotes", TEXT(GET "Host: \"a\"\r\n"), "400 bad_host" },
	{ "not ASCII", TEXT(GET "Host: \xc3\xa9\r\n"), "400 bad_host" },
};

#define LENGTH	"Content-Length: "
#define CODING	"Transfer-Encoding: "

static const struct sample contents[] = {
	{ "0 bytes", TEXT(GET HOST LENGTH "0\r\n" END), FINE },
	{ "00 bytes", TEXT(GET HOST LENGTH "00\r\n" END), FINE },
	{ "5 bytes", TEXT(GET HOST LENGTH "5\r\n" END), FINE " content" },
	{ "of POST", TEXT("POST / HTTP/1.1\r\n" HOST LENGTH "5\r\n" END),
	    "POST / ? h 1.1 content" },
	{ "50 bytes", TEXT(GET HOST LENGTH "50\r\n" END), FINE " content" },
	{ "a list", TEXT(GET HOST LENGTH "5, 5\r\n"), "400 bad_framing" },
	{ "two fields", TEXT(GET LENGTH "5\r\n" LENGTH "6\r\n"),
	    "400 bad_framing" },
	{ "the same twice", TEXT(GET LENGTH "0\r\n" LENGTH "0\r\n"),
	    "400 bad_framing" },
	{ "2^64 bytes", TEXT(GET HOST LENGTH "18446744073709551616\r\n" END),
	    FINE " content" },
	{ "a sign", TEXT(GET LENGTH "+5\r\n"), "400 bad_framing" },
	{ "less than none", TEXT(GET LENGTH "-1\r\n"), "400 bad_framing" },
	{ "no decimal number", TEXT(GET LENGTH "0x1\r\n"),
	    "400 bad_framing" },
	{ "a blank in it", TEXT(GET LENGTH "5 5\r\n"), "400 bad_framing" },
	{ "an empty length", TEXT(GET LENGTH "\r\n"), "400 bad_framing" },
	{ "chunked", TEXT(GET HOST CODING "chunked\r\n" END),
	    FINE " content" },
	{ "large letters", TEXT(GET HOST CODING "CHUNKED\r\n" END),
	    FINE " content" },
	{ "chunked last", TEXT(GET HOST CODING "gzip, chunked\r\n" END),
	    FINE " content" },
	{ "chunked last of two fields", TEXT(GET HOST CODING "gzip\r\n" CODING
	    "chunked\r\n" END), FINE " content" },
	{ "without an end", TEXT(GET HOST CODING "gzip\r\n" END),
	    "400 bad_framing" },
	{ "almost chunked", TEXT(GET HOST CODING "xchunked\r\n" END),
	    "400 bad_framing" },
	{ "chunked with a parameter", TEXT(GET HOST CODING "chunked;a\r\n"
	    END), "400 bad_framing" },
	{ "an empty coding", TEXT(GET HOST CODING "\r\n" END),
	    "400 bad_framing" },
	{ "chunked first", TEXT(GET HOST CODING "chunked, gzip\r\n"),
	    "400 bad_framing" },
	{ "chunked twice", TEXT(GET HOST CODING "chunked\r\n" CODING
	    "chunked\r\n"), "400 bad_framing" },
	{ "coding and length", TEXT(GET HOST CODING "chunked\r\n" LENGTH
	    "0\r\n" END), "400 bad_framing" },
	{ "other names", TEXT(GET HOST "Content-Lengt: 1\r\n"
	    "Content-Lengths: 1\r\nTransfer-Encodin: x\r\n"
	    "X-Content-Length: 1\r\n" END), FINE },
	{ "an expectation", TEXT(GET HOST "Expect: 100-Continue\r\n" END),
	    FINE },
	{ "an unknown one", TEXT(GET HOST "Expect: 100-continue, tea\r\n"),
	    "417 expectation" },
};

static void
describe(struct buf *out, enum http_read read,
    const struct http_request *req, const struct http_refusal *why)
{
	if (read == HTTP_READ_REFUSED) {
		(void)buf_addf(out, "%u %s\n", http_cause_status(why->cause),
		    http_cause_name(why->cause));
		return;
	}
	(void)buf_addf(out, "%.*s %.*s ?%.*s %.*s 1.%u%s\n",
	    (int)req->method.len, req->method.p,
	    (int)req->path.len, req->path.p,
	    (int)req->query.len, req->query.p,
	    (int)req->authority.len, req->authority.p, req->minor,
	    req->content ? " content" : "");
	(void)buf_addf(out, "%zu bytes\n", req->len);
	(void)buf_add_slice(out, req->fields);
}

static void
check_all(const char *what, const struct sample *samples, size_t n)
{
	char name[128];
	size_t i;

	for (i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "%s: %s", what,
		    samples[i].name);
		http_cut_check(name, slice_of(samples[i].text,
		    samples[i].len), LIMIT, samples[i].want, describe);
	}
}

#define CHECK_ALL(what, samples)					\
	check_all((what), (samples), sizeof(samples) / sizeof((samples)[0]))

static void
test_limit(void)
{
	struct slice head = SLICE(GET HOST END);
	struct slice line = slice_of(head.p, sizeof(GET) - 1);
	struct slice most = slice_of(head.p, head.len - 1);

	http_cut_check("as long as may be", head, head.len, FINE, describe);
	http_cut_check("one byte too long", most, most.len, "431 large_head",
	    describe);
	http_cut_check("the request line fits", line, line.len,
	    "431 large_head", describe);
	line.len--;
	http_cut_check("the request line is too long", line, line.len,
	    "414 long_target", describe);
	http_cut_check("garbage at the limit", SLICE("GET /#"), 6,
	    "400 bad_target", describe);
	http_cut_check("only the beginning counts", SLICE("GET /"), 5,
	    "414 long_target", describe);
}

/* In single bytes; it would take many minutes to look at all of them again for
 * each. */
static void
test_many(void)
{
	struct http_scan scan = { 0 };
	struct http_request req;
	struct http_refusal why;
	struct buf head = { 0 };
	size_t n;

	(void)buf_add_str(&head, GET HOST);
	while (head.len < 1 << 20)
		(void)buf_add_str(&head, "A: b\r\n");
	(void)buf_add_str(&head, END "early data");
	for (n = 0; n <= head.len; n++)
		if (http_request_read(&scan, slice_of(head.data, n), SIZE_MAX,
		    &req, &why) != HTTP_READ_MORE)
			break;
	tap_int((int64_t)n, (int64_t)head.len - 10, "the head ends there");
	tap_int((int64_t)req.len, (int64_t)n, "and says so");
	buf_clear(&head);
}

static void
test_early_data(void)
{
	struct http_scan scan = { 0 };
	struct http_request req;
	struct http_refusal why;

	tap_int(http_request_read(&scan, SLICE("\r\n" GET HOST "A: b\r\n" END
	    "\x81"), LIMIT, &req, &why), HTTP_READ_DONE, "more than a head");
	tap_slice(req.fields, HOST "A: b\r\n", "the lines of its fields");
	tap_int((int64_t)req.len, sizeof("\r\n" GET HOST "A: b\r\n" END) - 1,
	    "the rest is not of the head");
}

static void
test_refused_request(void)
{
	struct http_scan scan = { 0 };
	struct http_request req;
	struct http_refusal why;

	tap_int(http_request_read(&scan, SLICE("HEAD /a HTTP/1.1\r\n:"), LIMIT,
	    &req, &why), HTTP_READ_REFUSED, "a bad field");
	tap_slice(req.method, "HEAD", "the method is known");
	tap_slice(req.target, "/a", "and the target");
	tap_int((int64_t)req.fields.len, 0, "but no fields");
}

int
main(void)
{
	CHECK_ALL("request line", lines);
	CHECK_ALL("target", targets);
	CHECK_ALL("field", fields);
	CHECK_ALL("host", hosts);
	CHECK_ALL("content", contents);
	test_limit();
	test_many();
	test_early_data();
	test_refused_request();
	return tap_done();
}
