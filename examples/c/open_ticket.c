/* Stands in for the real program: shows that the library links and answers. */
#include <stdio.h>

#include "casewire.h"

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s URL\n", argv[0]);
        return 2;
    }
    printf("ABI version %u, simulator at %s\n", (unsigned)casewire_abi_version(), argv[1]);
    return 0;
}
