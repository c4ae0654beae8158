use crate::boundary::{null_pointer, value_or};
use casewire::{Code, Error, Result};
use std::ffi::{CStr, c_char};

/// UTF-8 text that belongs to somebody else. It is not terminated by a NUL.
///
/// As an argument it belongs to the caller and is read only until the function returns. As a result it belongs to the
/// object that it was asked of and lives as long as that object. `data` may be NULL if `size` is 0; results never are.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_text {
    /// The first byte.
    pub data: *const u8,
    /// Number of bytes.
    pub size: usize,
}

/// Bytes that belong to somebody else, under the rules of casewire_text.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct casewire_slice {
    /// The first byte.
    pub data: *const u8,
    /// Number of bytes.
    pub size: usize,
}

/// What an empty result points to.
static NOTHING: [u8; 1] = [0];

impl casewire_text {
    pub(crate) const EMPTY: Self = Self {
        data: NOTHING.as_ptr(),
        size: 0,
    };

    /// Lends a text.
    pub(crate) fn of(text: &str) -> Self {
        let casewire_slice { data, size } = casewire_slice::of(text.as_bytes());
        Self { data, size }
    }

    /// Reads an argument.
    ///
    /// # Errors
    ///
    /// [`Code::NullPointer`], [`Code::TooLong`] and [`Code::InvalidUtf8`].
    ///
    /// # Safety
    ///
    /// The caller keeps the promises of the type's documentation.
    pub(crate) unsafe fn read<'a>(self, name: &str) -> Result<&'a str> {
        let Self { data, size } = self;
        // SAFETY: this function asks for the same.
        let bytes = unsafe { casewire_slice { data, size }.read(name) }?;
        std::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            let message = format!("{name} is not UTF-8 at byte {at}: give it as UTF-8");
            Error::new(Code::InvalidUtf8, message)
        })
    }
}

impl casewire_slice {
    pub(crate) const EMPTY: Self = Self {
        data: NOTHING.as_ptr(),
        size: 0,
    };

    /// Lends bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::EMPTY;
        }
        Self {
            data: bytes.as_ptr(),
            size: bytes.len(),
        }
    }

    /// Reads an argument.
    ///
    /// # Errors
    ///
    /// [`Code::NullPointer`] and [`Code::TooLong`].
    ///
    /// # Safety
    ///
    /// The caller keeps the promises of the type's documentation.
    pub(crate) unsafe fn read<'a>(self, name: &str) -> Result<&'a [u8]> {
        if self.size == 0 {
            return Ok(&[]);
        }
        if self.data.is_null() {
            return Err(null_pointer(name));
        }
        if isize::try_from(self.size).is_err() {
            let message = format!("{name} claims {} bytes: give its real length", self.size);
            return Err(Error::new(Code::TooLong, message));
        }
        // SAFETY: it points to `size` bytes, which nobody changes during the call; the bound was checked above.
        Ok(unsafe { std::slice::from_raw_parts(self.data, self.size) })
    }
}

/// Makes a text of a NUL-terminated string, which it refers to and does not copy. NULL makes an empty text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn casewire_text_from_string(string: *const c_char) -> casewire_text {
    value_or(casewire_text::EMPTY, || {
        if string.is_null() {
            return None;
        }
        // SAFETY: it is NUL-terminated and not changed during the call.
        let bytes = unsafe { CStr::from_ptr(string) }.to_bytes();
        let casewire_slice { data, size } = casewire_slice::of(bytes);
        Some(casewire_text { data, size })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(data: *const u8, size: usize) -> Result<&'static str> {
        // SAFETY: the tests give pointers to static memory, or lengths that are refused before they are used.
        unsafe { casewire_text { data, size }.read("text") }
    }

    #[test]
    fn lengths_and_pointers_are_checked_before_they_are_used() {
        assert_eq!(read(std::ptr::null(), 0).unwrap(), "");
        let code = |data, size| read(data, size).unwrap_err().code;
        assert_eq!(code(std::ptr::null(), 1), Code::NullPointer);
        assert_eq!(code(NOTHING.as_ptr(), usize::MAX), Code::TooLong);
        assert_eq!(code(b"a\xff".as_ptr(), 2), Code::InvalidUtf8);
    }

    #[test]
    fn an_empty_result_points_somewhere() {
        assert!(!casewire_text::of("").data.is_null());
    }
}
