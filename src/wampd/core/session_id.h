/*
 * session_id.h: the id of a session, as a text and as a number.
 *
 * The text is 96 bits in base64.  The number is the first 53 of these bits.
 * The key is the first SESSION_ID_KEY characters of the text, which are 54
 * bits.  The last of these bits is always 0, so number and key can be made from
 * each other.  All other bits are random.
 */
#pragma once

#include <stdint.h>

#define SESSION_ID_SIZE	17	/* 16 URL-safe characters and a NUL */
#define SESSION_ID_KEY	9	/* characters of the key */
#define SESSION_NUMBER_MAX ((UINT64_C(1) << 53) - 1)

/* Make a random id, which nobody can guess. */
void	session_id_make(char id[SESSION_ID_SIZE]);

/* The number of an id, from 1 to SESSION_NUMBER_MAX. */
uint64_t session_id_number(const char id[SESSION_ID_SIZE]);

/* Make the key of the ids with that number. */
void	session_id_key(char key[SESSION_ID_KEY], uint64_t number);
