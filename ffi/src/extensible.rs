//! Structs of the caller that may be of an older or a newer header than the library.

use crate::boundary::null_pointer;
use casewire::{Code, Error, Result};
use std::mem::MaybeUninit;

/// A struct that begins with its size and grows at its end.
///
/// # Safety
///
/// The type is `repr(C)`, its first field is `struct_size: usize`, and all bytes zero are a valid value of it.
pub(crate) unsafe trait Extensible: Copy {
    /// Its name in messages.
    const NAME: &'static str;
    /// The size that it had in the first version.
    const FIRST_SIZE: usize;
}

/// More than any version will have: a larger `struct_size` was not set.
const LARGEST: usize = 1024;

/// Copies such a struct. What an older caller does not know of is zero; what a newer one has on top must be.
///
/// # Errors
///
/// [`Code::NullPointer`], and [`Code::InvalidValue`] for a size that no version has or a field that this library does
/// not know.
///
/// # Safety
///
/// The pointer is NULL or points to as many bytes as its first field says.
pub(crate) unsafe fn read<T: Extensible>(pointer: *const T) -> Result<T> {
    // SAFETY: this function asks for the same.
    let size = unsafe { size::<T>(pointer) }?;
    let known = size.min(size_of::<T>());
    let bytes = pointer.cast::<u8>();
    // SAFETY: the struct has `size` bytes, and those behind the known ones are not padding to who wrote them.
    let unknown = unsafe { std::slice::from_raw_parts(bytes.add(known), size - known) };
    if unknown.iter().any(|byte| *byte != 0) {
        return Err(refused::<T>(&format!(
            "is {size}, and a field behind byte {known} is set that this older library does not know: update it"
        )));
    }
    let mut copy = MaybeUninit::<T>::zeroed();
    // SAFETY: both have at least `known` bytes, and they do not overlap.
    unsafe { std::ptr::copy_nonoverlapping(bytes, copy.as_mut_ptr().cast(), known) };
    // SAFETY: it is made of zeros and of the caller's fields, both of which are valid.
    Ok(unsafe { copy.assume_init() })
}

/// Fills in such a struct of the caller, all but its size. What an older caller does not know of is left out; what a newer
/// one has on top becomes zero.
///
/// # Errors
///
/// [`Code::NullPointer`], and [`Code::InvalidValue`] for a size that no version has.
///
/// # Safety
///
/// The pointer is NULL or points to as many bytes as its first field says, which may be written to.
pub(crate) unsafe fn write<T: Extensible>(pointer: *mut T, value: &T) -> Result<()> {
    // SAFETY: this function asks for the same.
    let size = unsafe { size::<T>(pointer) }?;
    let known = size.min(size_of::<T>());
    let head = size_of::<usize>();
    let from = std::ptr::from_ref(value).cast::<u8>();
    let to = pointer.cast::<u8>();
    // SAFETY: both have at least `known` bytes, and they do not overlap; behind them the caller has up to `size`.
    unsafe {
        std::ptr::copy_nonoverlapping(from.add(head), to.add(head), known - head);
        to.add(known).write_bytes(0, size - known);
    }
    Ok(())
}

/// The size that the caller says it has.
///
/// # Safety
///
/// The pointer is NULL or points to such a struct.
unsafe fn size<T: Extensible>(pointer: *const T) -> Result<usize> {
    if pointer.is_null() {
        return Err(null_pointer(T::NAME));
    }
    // SAFETY: it is not NULL, and every version begins with this field. It may lie at any address.
    let size = unsafe { pointer.cast::<usize>().read_unaligned() };
    if size < T::FIRST_SIZE || size > LARGEST {
        return Err(refused::<T>(&format!(
            "is {size}: set it to sizeof({})",
            T::NAME
        )));
    }
    Ok(size)
}

fn refused<T: Extensible>(fault: &str) -> Error {
    Error::new(
        Code::InvalidValue,
        format!("{}.struct_size {fault}", T::NAME),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug)]
    #[repr(C)]
    struct Sample {
        struct_size: usize,
        first: usize,
        second: usize,
    }

    // SAFETY: three integers, the first of which is the size.
    unsafe impl Extensible for Sample {
        const NAME: &'static str = "sample";
        const FIRST_SIZE: usize = 2 * size_of::<usize>();
    }

    fn read(fields: [usize; 4]) -> Result<Sample> {
        // SAFETY: there are as many bytes as any size here that is not refused.
        unsafe { super::read(fields.as_ptr().cast::<Sample>()) }
    }

    const WORD: usize = size_of::<usize>();

    #[test]
    fn what_an_older_caller_does_not_know_is_zero() {
        let sample = read([2 * WORD, 5, 6, 7]).unwrap();
        assert_eq!((sample.first, sample.second), (5, 0));
    }

    #[test]
    fn what_a_newer_caller_has_on_top_must_be_zero() {
        assert_eq!(read([4 * WORD, 5, 6, 0]).unwrap().second, 6);
        assert_eq!(
            read([4 * WORD, 5, 6, 7]).unwrap_err().code,
            Code::InvalidValue
        );
    }

    #[test]
    fn a_size_that_was_not_set_is_refused() {
        for size in [0, WORD, LARGEST + 1, usize::MAX] {
            assert_eq!(read([size, 5, 6, 7]).unwrap_err().code, Code::InvalidValue);
        }
    }

    #[test]
    fn what_is_filled_in_fits_the_caller_older_or_newer() {
        let value = Sample {
            struct_size: 0,
            first: 8,
            second: 9,
        };
        let written = |size: usize| {
            let mut fields = [size, 5, 6, 7];
            // SAFETY: there are as many bytes as any size here that is not refused.
            let result = unsafe { write(fields.as_mut_ptr().cast::<Sample>(), &value) };
            result.map(|()| fields)
        };
        assert_eq!(written(2 * WORD).unwrap(), [2 * WORD, 8, 6, 7]);
        assert_eq!(written(3 * WORD).unwrap(), [3 * WORD, 8, 9, 7]);
        assert_eq!(written(4 * WORD).unwrap(), [4 * WORD, 8, 9, 0]);
        assert_eq!(written(WORD).unwrap_err().code, Code::InvalidValue);
    }
}
