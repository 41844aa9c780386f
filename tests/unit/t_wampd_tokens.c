/*
 * t_wampd_tokens.c: tokens as proofs of who a visitor is: until when they hold,
 * and tokens that can be used once.
 */
#include "wampd/auth/tokens.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/opt_list.h"
#include "tap.h"
#include "token/claims.h"
#include "token/paseto_keys.h"
#include "wampd/auth/seen.h"
#include "wampd/core/broker.h"

#define NOW	INT64_C(1767225600000)	/* 2026-01-01 */
#define KEY	"k4.local.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8\n"

static int64_t wall = NOW;

static int64_t
fake_wall(void)
{
	return wall;
}

struct stage {
	struct broker	   b;
	struct opt_list	   files;
	struct paseto_keys keys;
	struct tokens	  *tokens;
	struct seen	   seen;
	char		   path[32];
};

static void
stage_begin(struct stage *s, struct tokens_settings set)
{
	struct errbuf e = { "" };
	int fd;

	*s = (struct stage){ .b = { .wall = fake_wall },
	    .path = "/tmp/t_wampd_tokens.XXXXXX" };
	wall = NOW;
	fd = mkstemp(s->path);
	tap_ok(write(fd, KEY, sizeof(KEY) - 1) == sizeof(KEY) - 1 &&
	    opt_list_add(&s->files, s->path) == 0 &&
	    paseto_keys_add(&s->keys, SLICE(KEY), &e) == 0, "a key");
	(void)close(fd);
	set.keys = &s->files;
	s->tokens = tokens_new(TICKET_PASETO, &set, &s->b, &e);
	tap_str(s->tokens != NULL ? "" : e.msg, "", "tokens are accepted");
	seen_init(&s->seen, SEEN_MOST, 0);
	tokens_start(s->tokens, &s->seen);
}

static void
stage_end(struct stage *s)
{
	tokens_free(s->tokens);
	seen_clear(&s->seen);
	paseto_keys_clear(&s->keys);
	free(s->files.v);
	(void)unlink(s->path);
}

/* Bring a token with these claims.  The cause of a refusal, or -1. */
static int
bring(struct stage *s, const struct claims *c, struct identity_ask *ask)
{
	const struct principal *p = NULL;
	struct identity_refusal why;
	const struct visitor v = { .peer = NULL };
	struct buf token = { 0 };
	enum identified found;

	*ask = (struct identity_ask){ .ends = 0 };
	(void)paseto_issue(&token, &s->keys.v[0], c);
	found = tokens_begin(s->tokens, &v, buf_slice(&token), ask, &p,
	    &why);
	if (found == IDENTITY_KNOWN)
		tap_ok(principal_in(p, WHO_TICKET_PASETO) &&
		    principal_in(p, WHO_AUTHENTICATED) &&
		    !principal_in(p, WHO_LOCAL | WHO_BACKEND), "%s is known",
		    p->name);
	principal_unref(p);
	buf_clear(&token);
	return found == IDENTITY_KNOWN ? -1 : (int)why.cause;
}

static struct claims
anna(int64_t exp, const char *jti)
{
	return (struct claims){ .name = "anna", .jti = jti, .exp = exp,
	    .nbf = CLAIMS_NEVER, .iat = CLAIMS_NEVER };
}

static void
test_ends(void)
{
	struct claims c = anna(NOW + 5000, NULL);
	struct identity_ask ask;
	struct stage s;

	stage_begin(&s, (struct tokens_settings){ .leeway = 100 });
	tap_int(bring(&s, &c, &ask), -1, "a token");
	tap_int(ask.ends, NOW + 5100, "holds until its end and the leeway");
	wall = NOW + 5100;
	tap_int(bring(&s, &c, &ask), IDENTITY_EXPIRED, "and no longer");
	c.exp = CLAIMS_NEVER;
	tap_int(bring(&s, &c, &ask), -1, "a token without an end");
	tap_int(ask.ends, 0, "has none");
	stage_end(&s);
}

static void
test_once(void)
{
	struct claims c = anna(NOW + 5000, "one");
	struct identity_ask ask;
	struct stage s;

	stage_begin(&s, (struct tokens_settings){ .once = true,
	    .require_exp = true, .leeway = 1000 });
	tap_int(bring(&s, &c, &ask), -1, "the first use");
	tap_int(bring(&s, &c, &ask), IDENTITY_REPLAYED, "the second use");
	wall = NOW + 5999;
	s.b.now += 5999;
	tap_int(bring(&s, &c, &ask), IDENTITY_REPLAYED,
	    "it is remembered for as long as it could be used");
	c.iss = "other";
	tap_int(bring(&s, &c, &ask), -1, "the same id of another issuer");
	wall = NOW;
	c = anna(NOW + TOKENS_ONCE_LIFE + 1, "two");
	tap_int(bring(&s, &c, &ask), IDENTITY_BAD_TICKET,
	    "a token that lasts longer than a day");
	c = anna(NOW + 1, NULL);
	tap_int(bring(&s, &c, &ask), IDENTITY_BAD_TICKET,
	    "a token without an id");
	stage_end(&s);
}

static void
test_names(void)
{
	struct claims c = anna(NOW + 5000, NULL);
	struct identity_ask ask;
	struct stage s;

	stage_begin(&s, (struct tokens_settings){ .once = false });
	c.name = "local:root";
	tap_int(bring(&s, &c, &ask), IDENTITY_BAD_TICKET, "a local user");
	c.name = NULL;
	tap_int(bring(&s, &c, &ask), IDENTITY_BAD_TICKET, "nobody");
	c.sub = "bob";
	tap_int(bring(&s, &c, &ask), -1, "sub is a name");
	stage_end(&s);
}

int
main(void)
{
	if (sodium_init() == -1)
		return 1;
	test_ends();
	test_once();
	test_names();
	return tap_done();
}
