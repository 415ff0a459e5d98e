//! One image in, a smaller one out, in the same format.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits};
use std::io::Cursor;

/// A small file can hold a huge image: what decoding may use, in pixels and in bytes.
const MAX_DECODED_SIDE: u32 = 8192;
const MAX_DECODED_BYTES: u64 = 64 << 20;
const JPEG_QUALITY: u8 = 85;

pub struct Bounds {
    pub width: u32,
    pub height: u32,
}

pub struct Small {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

pub enum Refusal {
    /// These bytes are something else.
    NotAnImage(String),
    /// An image, but damaged or too large.
    Broken(String),
}

/// The image within these bounds, its proportions kept; one that is small enough keeps its size.
pub fn of(bytes: &[u8], bounds: Bounds) -> Result<Small, Refusal> {
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|e| Refusal::NotAnImage(e.to_string()))?;
    let format = match reader.format() {
        Some(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => format,
        Some(other) => {
            return Err(Refusal::NotAnImage(format!(
                "it is {}",
                other.to_mime_type()
            )))
        }
        None => {
            return Err(Refusal::NotAnImage(
                "its first bytes are of no image known".into(),
            ))
        }
    };
    let image = decode(reader).map_err(|e| Refusal::Broken(e.to_string()))?;
    let small = if image.width() > bounds.width || image.height() > bounds.height {
        image.thumbnail(bounds.width, bounds.height)
    } else {
        image
    };
    Ok(Small {
        media_type: format.to_mime_type(),
        bytes: encode(&small, format).map_err(|e| Refusal::Broken(e.to_string()))?,
    })
}

fn decode(mut reader: ImageReader<Cursor<&[u8]>>) -> ImageResult<DynamicImage> {
    reader.limits(limits());
    let mut decoder = reader.into_decoder()?;
    limits().reserve(decoder.total_bytes())?;
    // Cameras store a picture as the sensor saw it, and beside it which side is up.
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_DECODED_SIDE);
    limits.max_image_height = Some(MAX_DECODED_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    limits
}

fn encode(image: &DynamicImage, format: ImageFormat) -> ImageResult<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    match format {
        ImageFormat::Jpeg => {
            image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?
        }
        _ => image.write_to(&mut bytes, format)?,
    }
    Ok(bytes.into_inner())
}
