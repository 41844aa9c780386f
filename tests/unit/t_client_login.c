/*
 * t_client_login.c: what proves who we are: signatures of WAMP-CRA, Oro's
 * tickets, and the headers and parameters that carry them.
 */
#include "client/cra.h"

#include <string.h>

#include "client/client.h"
#include "client/header.h"
#include "client/oro.h"
#include "client/ws_request.h"
#include "tap.h"

/* ---- WAMP-CRA ---- */

#define CHALLENGE_HEAD							\
	"{\"authid\":\"AAAAAAAAAAAAAAAA\",\"authkey\":\"foobar\","	\
	"\"timestamp\":\"2013-01-01T00:00:00Z\","			\
	"\"sessionid\":\"v59mbCGDXZ7WTyxB\",\"extra\":{},"		\
	"\"permissions\":{\"pubsub\":[],\"rpc\":[]}"

static void
signs(const char *challenge, const char *secret, const char *want)
{
	struct errbuf e = { "" };
	struct buf got = { 0 };

	tap_int(cra_sign(&got, slice_str(challenge), secret, &e), 0,
	    "signed: %s", e.msg);
	tap_slice(buf_slice(&got), want, "the signature of %s", challenge);
	buf_clear(&got);
}

static void
signs_not(const char *challenge, const char *why)
{
	struct errbuf e = { "" };
	struct buf got = { 0 };

	tap_int(cra_sign(&got, slice_str(challenge), "secret", &e), -1,
	    "%s is refused", challenge);
	tap_ok(strstr(e.msg, why) != NULL, "since %s: %s", why, e.msg);
	buf_clear(&got);
}

/* The signatures are those of AutobahnJS 0.8.2; the salted ones were computed
 * with Python's hashlib. */
static void
test_cra(void)
{
	signs(CHALLENGE_HEAD "}", "secret",
	    "UO8siBag2S0WehWpWeg4odGb942IXFDVbbfrIdd7EZ4=");
	signs(CHALLENGE_HEAD "}", "",
	    "CFBLXlHWjoixYSWCMAWqtgxmeP8Wes7ds8QXHr2KzTw=");
	signs(CHALLENGE_HEAD ",\"authextra\":{}}", "secret",
	    "wXTIghuineFJ3QYopQANnvvml4F2Eh79ZUhvdoMg/6k=");
	signs(CHALLENGE_HEAD ",\"authextra\":{\"salt\":\"RANDOM SALT\","
	    "\"iterations\":1000,\"keylen\":32}}", "secret",
	    "EHLqkH4tNXlexO/MDkrAcfnSCPko9m1bJF4yrjv9MDg=");
	signs(CHALLENGE_HEAD ",\"authextra\":{\"salt\":\"salt123\"}}",
	    "secret", "2KQDPOcL8eQYmxejAZ18I9MWsbs8jezvF1lLzE+BNCM=");
	signs(CHALLENGE_HEAD ",\"authextra\":{\"salt\":\"salt\","
	    "\"iterations\":1,\"keylen\":100}}", "password",
	    "UWeQ18SK2hD/5mgYc4BEYsWPlh6iEjcpPCh+FBwVmVQ=");

	signs_not("", "not a JSON object");
	signs_not("[]", "not a JSON object");
	signs_not("{\"authextra\":{\"salt\":1}}", "salt");
	signs_not("{\"authextra\":{\"salt\":\"s\",\"keylen\":129}}",
	    "keylen");
	signs_not("{\"authextra\":{\"salt\":\"s\",\"keylen\":0}}", "keylen");
	signs_not("{\"authextra\":{\"salt\":\"s\",\"iterations\":1e9}}",
	    "iterations");
	signs_not("{\"authextra\":{\"salt\":\"s\",\"iterations\":\"1\"}}",
	    "iterations");
}

/* ---- Oro ---- */

static void
test_ticket(void)
{
	struct errbuf e = { "" };
	struct buf got = { 0 };

	tap_int(oro_ticket(&got, "ThisTokenIsNotSoSecretChangeIt",
	    "0123456789abcdef", "2024-01-02T03:04:05+00:00", &e), 0,
	    "a ticket: %s", e.msg);
	tap_slice(buf_slice(&got),
	    "Zldha0txcGdEdy9qK3ZHSlRLajVGSS81VFdLeU5YWUh1Slp4cjJhZC9TRlRVY29Y"
	    "dUM0QnZlT0lYRmdybFNHSG5oZXNTMTlleW9GVkt0OXlUWURzU2c9PTs7MDEyMzQ1"
	    "Njc4OWFiY2RlZjsyMDI0LTAxLTAyVDAzOjA0OjA1KzAwOjAw", "Oro's own");
	buf_reset(&got);
	tap_int(oro_ticket_now(&got, "s3cr3t", &e), 0, "one of now: %s",
	    e.msg);
	tap_int((int64_t)got.len, 176, "as long as others");
	tap_int(oro_ticket(&got, "a{b", "n", "c", &e), -1,
	    "a secret with a brace");
	buf_clear(&got);
}

static void
dsn(const char *text, const char *url)
{
	struct oro_dsn got = { 0 };
	struct arena mem = { 0 };
	struct errbuf e = { "" };

	tap_int(oro_dsn_parse(&got, text, &mem, &e), 0, "%s: %s", text,
	    e.msg);
	tap_str(got.url, url, "%s: URL", text);
	arena_clear(&mem);
}

static void
dsn_not(const char *text, const char *why)
{
	struct oro_dsn got = { 0 };
	struct arena mem = { 0 };
	struct errbuf e = { "" };

	tap_int(oro_dsn_parse(&got, text, &mem, &e), -1, "%s is none", text);
	tap_ok(strstr(e.msg, why) != NULL, "since %s: %s", why, e.msg);
	arena_clear(&mem);
}

static void
test_dsn_parameters(void)
{
	struct oro_dsn got = { 0 };
	struct arena mem = { 0 };
	struct errbuf e = { "" };

	tap_int(oro_dsn_parse(&got, "ssl://h/ws?user_agent=a%20b+c&"
	    "context_options[verify_peer]=false&"
	    "context_options%5Bverify_peer_name%5D=0&"
	    "context_options[allow_self_signed]=on&"
	    "context_options[cafile]=/a%2fb&"
	    "context_options[local_cert]=c&context_options[local_pk]=k&"
	    "context_options[disable_compression]=true", &mem, &e), 0,
	    "parameters: %s", e.msg);
	tap_str(got.url, "wss://h:8080/ws", "URL");
	tap_str(got.user_agent, "a b c", "User-Agent");
	tap_ok(got.any_chain && got.any_name && got.self_signed, "checks");
	tap_str(got.cafile, "/a/b", "CA");
	tap_str(got.local_cert, "c", "certificate");
	tap_str(got.local_pk, "k", "key");
	arena_clear(&mem);
}

static void
test_dsn(void)
{
	dsn("", NULL);
	dsn("//null", NULL);
	dsn("//h", "ws://h:8080/");
	dsn("//*:8081/ws", "ws://127.0.0.1:8081/ws");
	dsn("tcp://127.0.0.1:8080", "ws://127.0.0.1:8080/");
	dsn("ssl://example.com:443//ws/a//", "wss://example.com:443/ws/a");
	dsn("tlsv1.2://h", "wss://h:8080/");
	dsn("tcp://[::1]:1", "ws://[::1]:1/");
	dsn("//[::1]/x?", "ws://[::1]:8080/x");
	test_dsn_parameters();

	dsn_not("h:8080", "no //host");
	dsn_not("///", "no host");
	dsn_not("//:80", "no host");
	dsn_not("//*:port", "port");
	dsn_not("//h:0", "port");
	dsn_not("udp://h", "transport udp");
	dsn_not("ws://h", "transport ws");
	dsn_not("//h?a=b", "parameter a");
	dsn_not("//h?context_options=b", "parameter context_options");
	dsn_not("//h?context_options[ciphers]=b", "ciphers");
	dsn_not("//h?context_options[verify_peer]=maybe", "verify_peer");
}

/* ---- what is sent ---- */

static void
header(const char *text, int rc, const char *why)
{
	struct errbuf e = { "" };

	tap_int(header_check(text, &e), rc, "header \"%s\"", text);
	tap_ok(strstr(e.msg, why) != NULL, "since %s: %s", why, e.msg);
}

static void
test_headers(void)
{
	struct arena mem = { 0 };

	header("A: b", 0, "");
	header("x-a_b:", 0, "");
	header("A:\tb\t", 0, "");
	header("", -1, "Name: value");
	header("A", -1, "Name: value");
	header(": b", -1, "Name: value");
	header("A b: c", -1, "Name: value");
	header("A: b\r\nC: d", -1, "control characters");
	header("host: b", -1, "Host is made");
	header("ORIGIN: b", -1, "--origin");
	header("Sec-WebSocket-Key: b", -1, "Sec-WebSocket-Key is made");
	tap_str(header_value("A: \t b "), "b ", "a value");
	tap_str(header_make(&mem, "A", "b"), "A: b", "made of its parts");
	arena_clear(&mem);
}

static void
path(const char *from, const char *ticket, const char *want)
{
	struct buf got = { 0 };

	tap_int(ws_request_path(&got, from, ticket), 0, "a path");
	tap_str(got.data, want, "%s with a ticket", from);
	buf_clear(&got);
}

static void
test_request(void)
{
	static const char *const headers[] = { "A:b", "C:  d " };
	const struct client_target t = { .origin = "http://o",
	    .headers = headers, .n_headers = 2 };
	struct buf got = { 0 };

	path("/", NULL, "/");
	path("/ws", "a+/=~", "/ws?ticket=a%2B%2F%3D~");
	path("/ws?x=1", "t", "/ws?x=1&ticket=t");
	tap_int(ws_request_headers(&got, &t), 0, "headers");
	tap_slice(buf_slice(&got),
	    "Origin: http://o\r\nA: b\r\nC: d \r\n", "each a line");
	buf_clear(&got);
}

int
main(void)
{
	test_cra();
	test_ticket();
	test_dsn();
	test_headers();
	test_request();
	return tap_done();
}
