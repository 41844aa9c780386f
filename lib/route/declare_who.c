/*
 * declare_who.c: the words of access lists.
 */
#include <string.h>

#include "route/declare_value.h"

/* By enum declare_who.  A word that ends in a colon needs a name.  Of two words
 * that a text may begin with, the longer one comes first. */
static const char *const words[] = {
	[DECLARE_ANYONE] = "anyone",
	[DECLARE_AUTHENTICATED] = "authenticated",
	[DECLARE_LOCAL] = "local",
	[DECLARE_BACKEND] = "backend",
	[DECLARE_LOOPBACK] = "loopback",
	[DECLARE_TICKET] = "ticket",
	[DECLARE_TICKET_ORO] = "ticket:oro",
	[DECLARE_TICKET_PASETO] = "ticket:paseto",
	[DECLARE_TICKET_JWT] = "ticket:jwt",
	[DECLARE_COOKIE] = "cookie",
	[DECLARE_CRA] = "cra",
	[DECLARE_CERTIFICATE] = "certificate",
	[DECLARE_NOBODY] = "nobody",
	[DECLARE_ROLE] = "role:",
	[DECLARE_LOCAL_USER] = "user:local:",
	[DECLARE_USER] = "user:",
};

#define WORDS	(sizeof(words) / sizeof(words[0]))

static bool
needs_name(const char *word)
{
	return word[strlen(word) - 1] == ':';
}

const char *
declare_who_word(enum declare_who who)
{
	return words[who];
}

bool
declare_who_parse(struct slice text, enum declare_who *who,
    struct slice *name)
{
	struct slice word;
	size_t i;

	for (i = 0; i < WORDS; i++) {
		word = slice_str(words[i]);
		if (needs_name(words[i]) ? !slice_starts(text, word) :
		    !slice_eq(text, word))
			continue;
		*who = (enum declare_who)i;
		*name = slice_of(text.p + word.len, text.len - word.len);
		return !needs_name(words[i]) || name->len > 0;
	}
	return false;
}

int
declare_who_list(struct buf *out)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (buf_addf(out, "%s%s%s", i == 0 ? "" : i < WORDS - 1 ?
		    ", " : " or ", words[i], needs_name(words[i]) ? "NAME" :
		    "") == -1)
			return -1;
	return 0;
}
