/*
 * lookup.h: asking a program of the application who somebody is.
 *
 * The program is started when it is needed first, and again, with growing
 * delays, when it has ended.  It reads a line for each question from its
 * standard input, and prints a line for each answer, in any order:
 *
 *	{"type":"user","id":1,"user":"admin"}
 *	{"id":1,"user":"admin","password":"$2y$...","user_id":1,"roles":["A"]}
 *
 * {"id":1,"user":null} says that there is none, {"id":1,"error":"..."} that it
 * cannot say.  When the program ends, the next one is asked what it has not
 * answered, each question alone: one that ends the program does not make the
 * others fail.  Several visitors who ask for the same share a question.
 * Answers are cached for a while.  What waits and what is cached is bounded.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/err.h"
#include "base/slice.h"

struct address;
struct broker;
struct lookup;
struct lookup_question;
struct opt_list;
struct user;

#define LOOKUP_TEXT_MAX	4096	/* bytes of what is asked about */

struct lookup_settings {
	const char *key;	/* of the configuration, for the log */
	const char *type;	/* "user"; of questions */
	const char *member;	/* "user"; of questions: what is asked about */
	unsigned    who;	/* the sets of who is found */
	bool	    password;	/* an answer needs one */
	const struct opt_list *command;	/* the program and its arguments;
				 * not needed later, like the next two */
	const char *cwd;	/* where it runs; NULL: in the folder of */
	const char *file;	/* that names it */
	int64_t	    timeout;	/* ms for an answer */
	int64_t	    queue;	/* questions at one time */
	int64_t	    cache;	/* answers that are kept */
	int64_t	    cache_ttl;	/* ms that they are kept */
};

enum lookup_result {
	LOOKUP_FOUND,
	LOOKUP_NONE,	/* there is nobody of that name */
	LOOKUP_FAILED,	/* the program does not say */
	LOOKUP_BUSY,	/* too many questions wait */
	LOOKUP_ASKING,	/* done() tells */
};

/* Who waits for an answer; a part of its owner. */
struct lookup_ask {
	TAILQ_ENTRY(lookup_ask) link;	/* question->asks */
	struct lookup_question *question; /* NULL: none */
	/* Set by the owner.  u is borrowed; NULL unless it was found. */
	void (*done)(struct lookup_ask *ask, enum lookup_result result,
		    const struct user *u);
};

/*
 * A new one has one reference, and does not work before lookup_join().
 * lookup_new() may be called in any thread; it reads nothing.  NULL with *e
 * filled when out of memory.  The last reference must not be given back from
 * within done(); NULL is fine.
 */
struct lookup *lookup_new(const struct lookup_settings *set,
	    struct broker *b, struct errbuf *e);

struct lookup *lookup_hold(struct lookup *l);
void	lookup_release(struct lookup *l);

/* Get ready to start the program.  If the broker ends first, it gives all
 * references back.  0, or -1 with *e filled: no program can be started for now;
 * it has joined all the same. */
int	lookup_join(struct lookup *l, struct errbuf *e);

/* Whether it is what these settings declare, so that it can go on in place of a
 * new one. */
bool	lookup_is(const struct lookup *l, const struct lookup_settings *set);

/* Ask about a text, for a visitor from that address.  *u is borrowed until the
 * next call. */
enum lookup_result lookup_begin(struct lookup *l, struct slice text,
	    const struct address *from, struct lookup_ask *ask,
	    const struct user **u);

/* The answer is not wanted any more. */
void	lookup_cancel(struct lookup *l, struct lookup_ask *ask);
