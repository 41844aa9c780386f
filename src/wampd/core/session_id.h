/*
 * session_id.h: a session's id, as a text and as a number.
 *
 * Both are the same random bits.  The number is the first 53 of them, which the
 * first SESSION_ID_KEY characters of the text hold; a bit that is always 0
 * fills the last of these characters, so that each number has one such key.
 */
#pragma once

#include <stdint.h>

#define SESSION_ID_SIZE	17	/* 16 URL-safe characters and a NUL */
#define SESSION_ID_KEY	9	/* characters */
#define SESSION_NUMBER_MAX ((UINT64_C(1) << 53) - 1)

/* Make one at random.  Nobody guesses it. */
void	session_id_make(char id[SESSION_ID_SIZE]);

/* The number of an id; 1 to SESSION_NUMBER_MAX. */
uint64_t session_id_number(const char id[SESSION_ID_SIZE]);

/* How ids of that number begin. */
void	session_id_key(char key[SESSION_ID_KEY], uint64_t number);
