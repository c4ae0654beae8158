package io.casewire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The code table against the library's own. */
class CodesTest {
    @Test
    void everyCodeOfTheLibraryIsInTheTableUnderItsNameAndNoOther() {
        TreeMap<Integer, String> ours = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            if (code != ErrorCode.UNKNOWN) {
                ours.put(code.number(), code.name().toLowerCase(Locale.ROOT));
            }
        }
        TreeMap<Integer, String> theirs = new TreeMap<>();
        for (int number = 1; number < 1000; number++) {
            String name = Library.casewire_status_name(number).string();
            if (!name.isEmpty()) {
                theirs.put(number, name);
            }
        }
        assertTrue(theirs.size() > 50, "the library names its codes");
        assertEquals(theirs, ours);
    }

    @Test
    void theExceptionIsThatOfTheRange() {
        for (ErrorCode code : ErrorCode.values()) {
            CasewireException error = CasewireException.of(code.number(), "", false, "{}");
            String name = error.getClass().getSimpleName();
            switch (code.number() / 100) {
                case 4:
                    assertEquals("ConnectWiseException", name);
                    break;
                case 6:
                    assertEquals("StoreException", name);
                    break;
                case 9:
                    assertEquals("CasewireException", name);
                    break;
                default:
                    assertEquals(code, error.code());
            }
        }
        assertEquals(ErrorCode.UNKNOWN, CasewireException.of(999, "", false, "{}").code());
    }

    @Test
    void theLibraryTellsItsVersion() {
        assertTrue(Connector.version().matches("\\d+\\.\\d+\\.\\d+.*"), Connector.version());
    }
}
