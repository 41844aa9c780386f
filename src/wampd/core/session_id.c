/*
 * session_id.c: the id of a session, as a text and as a number.
 */
#include "wampd/core/session_id.h"

#include <sodium.h>
#include <string.h>

#define BASE64		sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define RAW		12	/* bytes of an id */
#define NUMBER		7	/* bytes that have the bits of a number */
#define NUMBER_SHIFT	3	/* other bits in the last of these bytes */
#define FILL		0x04	/* the one that is in the key, too: 0 */
#define PART		9	/* bytes that have the key and are whole
				 * characters */
#define PART_TEXT	12	/* characters of PART */

/* An id must not begin with "-": people give ids to tools as arguments, where
 * that begins an option.  No id has the number 0. */
void
session_id_make(char id[SESSION_ID_SIZE])
{
	unsigned char raw[RAW];

	do {
		randombytes_buf(raw, sizeof(raw));
		raw[NUMBER - 1] &= (unsigned char)~FILL;
		(void)sodium_bin2base64(id, SESSION_ID_SIZE, raw, sizeof(raw),
		    BASE64);
	} while (id[0] == '-' || session_id_number(id) == 0);
}

uint64_t
session_id_number(const char id[SESSION_ID_SIZE])
{
	unsigned char raw[PART] = { 0 };
	uint64_t number = 0;
	size_t i;

	(void)sodium_base642bin(raw, sizeof(raw), id, PART_TEXT, NULL, NULL,
	    NULL, BASE64);
	for (i = 0; i < NUMBER; i++)
		number = number << 8 | raw[i];
	return number >> NUMBER_SHIFT;
}

void
session_id_key(char key[SESSION_ID_KEY], uint64_t number)
{
	unsigned char raw[PART] = { 0 };
	char text[PART_TEXT + 1];
	size_t i;

	number <<= NUMBER_SHIFT;
	for (i = NUMBER; i-- > 0; number >>= 8)
		raw[i] = (unsigned char)number;
	(void)sodium_bin2base64(text, sizeof(text), raw, sizeof(raw), BASE64);
	memcpy(key, text, SESSION_ID_KEY);
}
